import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { root, testS3, type TestS3 } from './fixture.test-support.ts';

let cloud: TestS3;
let owner: S3Client;

beforeEach(async () => {
  cloud = await testS3();
  owner = cloud.client({ credentials: root });
  await cloud.bucket('shelf');
  for (const Key of ['in/a', 'in/b', 'out/c']) await owner.send(new PutObjectCommand({ Bucket: 'shelf', Key, Body: Key }));
});
afterEach(() => cloud.close());

const allow = (Action: string | string[], Resource: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const as = async (name: string, ...statements: object[]) => cloud.client({ credentials: await cloud.role(name, ...statements) });
const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: 'shelf', Key }));
const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

test('a function may do what its role says, and is told which statement is missing', async () => {
  const client = await as('reader', allow('s3:GetObject', 'arn:aws:s3:::shelf/in/*'));
  expect(await (await get(client, 'in/a')).Body?.transformToString()).toBe('in/a');
  await expect(get(client, 'out/c')).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining('{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shelf/out/c"}') as string,
  });
  await expect(client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'in/a', Body: 'x' }))).rejects.toMatchObject(denied);
  expect(cloud.kernel.told).toContainEqual(expect.objectContaining({ kind: 'denied', action: 's3:PutObject', functionName: 'reader' }));
});

test('who may not list a bucket does not learn what is not there', async () => {
  const blind = await as('blind', allow('s3:GetObject', 'arn:aws:s3:::shelf/*'));
  const seeing = await as('seeing', allow('s3:GetObject', 'arn:aws:s3:::shelf/*'), allow('s3:ListBucket', 'arn:aws:s3:::shelf'));
  await expect(get(blind, 'none')).rejects.toMatchObject(denied);
  await expect(get(seeing, 'none')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(blind.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'none' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});

test('a list may be limited to a prefix', async () => {
  const client = await as('lister', allow('s3:ListBucket', 'arn:aws:s3:::shelf', { Condition: { StringLike: { 's3:prefix': 'in/*' } } }));
  expect((await client.send(new ListObjectsV2Command({ Bucket: 'shelf', Prefix: 'in/' }))).KeyCount).toBe(2);
  await expect(client.send(new ListObjectsV2Command({ Bucket: 'shelf' }))).rejects.toMatchObject(denied);
});

test('of many that are deleted at once those that may not be stay', async () => {
  const client = await as('cleaner', allow('s3:DeleteObject', 'arn:aws:s3:::shelf/in/*'));
  const { Deleted, Errors } = await client.send(
    new DeleteObjectsCommand({ Bucket: 'shelf', Delete: { Objects: [{ Key: 'in/a' }, { Key: 'out/c' }] } }),
  );
  expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([['in/a'], [['out/c', 'AccessDenied']]]);
  expect(await (await get(owner, 'out/c')).Body?.transformToString()).toBe('out/c');
});

test('a copy needs to read the source and to write the target', async () => {
  const copy = (client: S3Client) => client.send(new CopyObjectCommand({ Bucket: 'shelf', Key: 'out/copy', CopySource: 'shelf/in/a' }));
  await expect(copy(await as('writer', allow('s3:PutObject', 'arn:aws:s3:::shelf/out/*')))).rejects.toMatchObject(denied);
  await expect(copy(await as('reader', allow('s3:GetObject', 'arn:aws:s3:::shelf/in/*')))).rejects.toMatchObject(denied);
  await copy(await as('both', allow('s3:PutObject', 'arn:aws:s3:::shelf/out/*'), allow('s3:GetObject', 'arn:aws:s3:::shelf/in/*')));
});

test('conditions see what a request asks for, and the tags of what it reads', async () => {
  const first = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*', Condition: { Null: { 's3:if-none-match': 'true' } } };
  const client = await as(
    'first',
    first,
    allow('s3:PutObject*', '*'),
    allow('s3:GetObject', '*', { Condition: { StringEquals: { 's3:ExistingObjectTag/public': 'yes' } } }),
  );
  const put = (Key: string, more: object) => client.send(new PutObjectCommand({ Bucket: 'shelf', Key, Body: 'new', ...more }));
  await expect(put('new', {})).rejects.toMatchObject(denied);
  await put('new', { IfNoneMatch: '*' });
  await expect(get(client, 'new')).rejects.toMatchObject(denied);
  await put('tagged', { IfNoneMatch: '*', Tagging: 'public=yes' });
  expect(await (await get(client, 'tagged')).Body?.transformToString()).toBe('new');
});

test('tags need a permission of their own', async () => {
  const client = await as('writer', allow('s3:PutObject', 'arn:aws:s3:::shelf/*'));
  await client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'in/a', Body: 'x' }));
  await expect(client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'in/a', Body: 'x', Tagging: 'a=b' }))).rejects.toMatchObject(
    denied,
  );
});

test('the policy of a bucket lets a role in, and shuts one out', async () => {
  const client = await as('guest');
  const AWS = 'arn:aws:iam::000000000000:role/guest';
  await expect(get(client, 'in/a')).rejects.toMatchObject(denied);
  await cloud.policy('shelf', allow('s3:GetObject', 'arn:aws:s3:::shelf/*', { Principal: { AWS } }));
  expect(await (await get(client, 'in/a')).Body?.transformToString()).toBe('in/a');
  const rich = await as('rich', allow('s3:*', '*'));
  await cloud.policy('shelf', { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shelf/in/*', Principal: '*' });
  await expect(get(rich, 'in/a')).rejects.toMatchObject(denied);
  expect(await (await get(rich, 'out/c')).Body?.transformToString()).toBe('out/c');
});

test('anybody reads what a policy makes public, where the bucket allows that', async () => {
  const status = async (key: string) => (await fetch(`${cloud.url}/shelf/${key}`)).status;
  const statement = allow('s3:GetObject', 'arn:aws:s3:::shelf/out/*', { Principal: '*' });
  expect(await status('out/c')).toBe(403);
  await expect(cloud.policy('shelf', statement)).rejects.toThrow('BlockPublicPolicy');
  await cloud.bucket('shelf', { PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
  await cloud.policy('shelf', statement);
  expect([await status('out/c'), await status('in/a'), await status('out/none')]).toEqual([200, 403, 403]);
  expect((await fetch(`${cloud.url}/shelf/out/c`, { method: 'DELETE' })).status).toBe(403);
});

test('a service that the policy admits reads through the port, and answers as S3 does over HTTP', async () => {
  const principal = { service: 'cloudfront.amazonaws.com', sourceArn: 'arn:aws:cloudfront::000000000000:distribution/E1' };
  const ask = async (key: string, who: typeof principal | undefined, headers = {}) => {
    const { status, headers: told, body } = await cloud.s3.objects.get({ bucket: 'shelf', key, method: 'GET', headers, principal: who });
    return { status, told, text: Buffer.concat(await body.toArray()).toString() };
  };
  await cloud.policy('shelf', {
    ...allow('s3:GetObject', 'arn:aws:s3:::shelf/*', { Principal: { Service: 'cloudfront.amazonaws.com' } }),
    Condition: { StringEquals: { 'AWS:SourceArn': principal.sourceArn } },
  });
  const found = await ask('in/a', principal);
  expect(found).toMatchObject({ status: 200, text: 'in/a', told: { 'content-type': 'application/octet-stream', 'content-length': '4' } });
  expect(await ask('in/a', principal, { range: 'bytes=3-' })).toMatchObject({ status: 206, text: 'a' });
  expect((await ask('in/a', principal, { 'if-none-match': found.told['etag'] ?? '' })).status).toBe(304);
  expect(await ask('in/none', principal)).toMatchObject({
    status: 403,
    text: expect.stringContaining('<Code>AccessDenied</Code>') as string,
  });
  expect((await ask('in/a', { ...principal, sourceArn: `${principal.sourceArn}x` })).status).toBe(403);
  expect((await ask('in/a', undefined)).status).toBe(403);
});

test('a fault that a test puts in the way of a function is carried out', async () => {
  const client = await as('reader', allow('s3:*', '*'));
  cloud.kernel.faults = {
    onCall: ({ service, operation, input }) =>
      service === 's3' && operation === 'GetObject' && input['Key'] === 'in/a'
        ? { kind: 'error', code: 'SlowDown', message: 'Please reduce your request rate.', status: 503 }
        : undefined,
  };
  await expect(get(client, 'in/a')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  expect(await (await get(client, 'in/b')).Body?.transformToString()).toBe('in/b');
  cloud.kernel.faults = { onCall: () => ({ kind: 'lose-reply' }) };
  await expect(client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'lost', Body: 'x' }))).rejects.toThrow();
  expect(await (await get(owner, 'lost')).Body?.transformToString()).toBe('x');
});
