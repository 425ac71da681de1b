import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { runAndKill } from '../testing/killed.ts';
import { testKernel } from '../testing/kernel.ts';
import { root, testS3, type TestS3 } from './fixture.test-support.ts';
import { createS3 } from './s3.ts';

describe('a bucket of a template', () => {
  let cloud: TestS3;
  beforeEach(async () => void (cloud = await testS3()));
  afterEach(() => cloud.close());
  const apply = (properties: Record<string, unknown>) =>
    cloud.s3.resourceTypes[0]!.apply({
      logicalId: 'Pictures',
      properties,
      stackName: 'Images-local',
      service: 'images',
      packageDirectory: '',
    });

  test('without a name has always the same one, which S3 takes', async () => {
    const first = await apply({});
    expect(first.physicalId).toMatch(/^images-local-pictures-[0-9a-f]{12}$/);
    expect(await apply({})).toEqual(first);
    expect(first.attributes).toMatchObject({
      Arn: `arn:aws:s3:::${first.physicalId}`,
      RegionalDomainName: `${first.physicalId}.s3.us-east-1.amazonaws.com`,
    });
    await cloud.s3.resourceTypes[0]!.remove(first.physicalId);
    expect((await cloud.client().send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  });

  test('keeps what it holds when it is applied again, and is not removed while it holds something', async () => {
    await apply({ BucketName: 'shelf' });
    const client = cloud.client();
    await client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'a', Body: 'a' }));
    await apply({
      BucketName: 'shelf',
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
    });
    expect(await client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'b', Body: 'b' }))).toMatchObject({
      ServerSideEncryption: 'aws:kms',
    });
    expect(await client.send(new GetObjectCommand({ Bucket: 'shelf', Key: 'a' }))).toMatchObject({ ServerSideEncryption: 'AES256' });
    await expect(cloud.s3.resourceTypes[0]!.remove('shelf')).rejects.toMatchObject({ code: 'BucketNotEmpty' });
  });

  test('with what has no effect here is made, with a warning', async () => {
    await apply({ BucketName: 'shelf', VersioningConfiguration: { Status: 'Enabled' }, WebsiteConfiguration: {}, Tags: [] });
    expect(cloud.kernel.told.map((each) => (each.kind === 'notice' ? each.message : ''))).toEqual([
      'S3: WebsiteConfiguration of bucket shelf has no effect here.',
      'S3: VersioningConfiguration of bucket shelf has no effect here.',
    ]);
  });

  test('with an event that S3 does not have is refused', async () => {
    const made = apply({ NotificationConfiguration: { QueueConfigurations: [{ Event: 'ObjectCreated', Queue: 'q' }] } });
    await expect(made).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('answers pages as its CORS rules say', async () => {
    const origin = 'http://images.localhost:4000';
    const preflight = (method: string, headers: string) =>
      fetch(`${cloud.url}/shelf/a`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
      });
    const rule = {
      AllowedOrigins: ['http://*.localhost:4000'],
      AllowedMethods: ['GET', 'PUT'],
      AllowedHeaders: ['content-*'],
      ExposedHeaders: ['etag'],
      MaxAge: 600,
    };
    await apply({ BucketName: 'shelf', CorsConfiguration: { CorsRules: [rule] } });
    const allowed = await preflight('PUT', 'content-type');
    expect([allowed.status, Object.fromEntries(allowed.headers)]).toMatchObject([
      200,
      {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '600',
      },
    ]);
    expect([(await preflight('DELETE', '')).status, (await preflight('PUT', 'x-other')).status]).toEqual([403, 403]);
    // Also what is refused may be read by the page.
    const refused = await fetch(`${cloud.url}/shelf/a`, { headers: { origin } });
    expect([
      refused.status,
      refused.headers.get('access-control-allow-origin'),
      refused.headers.get('access-control-expose-headers'),
    ]).toEqual([403, origin, 'etag']);
    const elsewhere = await fetch(`${cloud.url}/shelf/a`, { headers: { origin: 'http://localhost:4000' } });
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what is on disk', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 's3-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Writes objects over HTTP in a process of its own, which is killed when the last of `script` is done. */
  const writeAndDie = (script: string): void =>
    runAndKill(
      import.meta.url,
      directory,
      `const { testS3 } = await load('./fixture.test-support.ts');
       const { PutObjectCommand } = await import(${JSON.stringify(import.meta.resolve('@aws-sdk/client-s3'))});
       const cloud = await testS3({ stateDirectory: directory });
       const client = cloud.client();
       const put = (Key, Body) => client.send(new PutObjectCommand({ Bucket: 'shelf', Key, Body }));
       ${script}`,
    );

  test('is whole after kill -9: what was answered is there, what was under way is not, and leaves nothing behind', async () => {
    writeAndDie(`
      await cloud.bucket('shelf', { CorsConfiguration: { CorsRules: [] } });
      await put('small', 'small');
      await put('large', Buffer.alloc(300_000, 'a'));
      await put('large', Buffer.alloc(200_000, 'b'));
      const { request } = await import('node:http');
      const half = request(cloud.url + '/shelf/large', { method: 'PUT', headers: { 'content-length': 1_000_000, authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0' } });
      half.write(Buffer.alloc(500_000, 'c'));
      const { readdirSync } = await import('node:fs');
      while (readdirSync(directory + '/s3').length < 2) await new Promise((resolve) => setTimeout(resolve, 5));`);
    expect(readdirSync(join(directory, 's3')).length).toBeGreaterThan(1);
    const cloud = await testS3({ stateDirectory: directory });
    const read = async (Key: string) =>
      (await cloud.client().send(new GetObjectCommand({ Bucket: 'shelf', Key }))).Body?.transformToString();
    expect(await read('small')).toBe('small');
    expect((await read('large')) === 'b'.repeat(200_000)).toBe(true);
    expect(readdirSync(join(directory, 's3'))).toHaveLength(1);
    await cloud.close();
  }, 30_000);

  test('is told after kill -9 if it was not told before', async () => {
    writeAndDie(`
      const target = 'arn:aws:sqs:us-east-1:000000000000:pictures';
      await cloud.bucket('shelf', { NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: target }] } });
      cloud.failing = new Error('gone');
      await put('a', 'a');`);
    const bodies: string[] = [];
    const kernel = testKernel({ stateDirectory: directory, now: () => Date.now() + 60_000 });
    const told = new Promise<void>((resolve) => {
      const queues = {
        send: async (_arn: string, { body }: { body: string }) => {
          bodies.push(body);
          resolve();
          return 'id';
        },
      };
      const nobody = (): never => {
        throw new Error('Only the queue is told.');
      };
      const iam = { allows: nobody, admits: nobody, admitsAnyone: nobody, callerOf: () => undefined, secretOf: () => undefined };
      void createS3(kernel, { iam, queues, topics: { publish: nobody }, lambda: nobody, events: nobody }).then(
        (s3) => void (close = () => s3.close()),
      );
    });
    let close = async (): Promise<void> => {};
    await told;
    expect(bodies).toEqual([expect.stringContaining('"key":"a"')]);
    await close();
  }, 30_000);

  test('holds no file of what was replaced, once nobody reads it: a reader gets what it began with', async () => {
    const cloud = await testS3({ stateDirectory: directory });
    const client = cloud.client({ credentials: root });
    await cloud.bucket('shelf');
    const put = (content: string) =>
      client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'large', Body: Buffer.alloc(20_000_000, content) }));
    await put('a');
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'shelf', Key: 'large' }));
    await put('b');
    expect(readdirSync(join(directory, 's3'))).toHaveLength(2);
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.alloc(20_000_000, 'a'))).toBe(true);
    while (readdirSync(join(directory, 's3')).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await cloud.close();
  });
});
