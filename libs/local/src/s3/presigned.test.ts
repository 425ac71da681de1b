import { get, type IncomingMessage } from 'node:http';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { root, testS3, type TestS3 } from './fixture.test-support.ts';

let cloud: TestS3;
let client: S3Client;

beforeEach(async () => {
  cloud = await testS3();
  client = cloud.client({ credentials: root });
  await cloud.bucket('shelf');
});
afterEach(() => cloud.close());

const read = async (Key: string) => (await client.send(new GetObjectCommand({ Bucket: 'shelf', Key }))).Body?.transformToString();
const codeOf = async (answer: Response) => [answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]];

describe('a presigned address', () => {
  const addressOf = (Key: string, options = {}) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: 'shelf', Key }), { expiresIn: 60, ...options });
  beforeEach(() => client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'fünf & sechs.txt', Body: 'here' })));

  test('reads what it names, with the headers that it names', async () => {
    const command = new GetObjectCommand({
      Bucket: 'shelf',
      Key: 'fünf & sechs.txt',
      ResponseContentDisposition: 'attachment; filename="ä.txt"',
    });
    const answer = await fetch(await getSignedUrl(client, command));
    expect([answer.status, await answer.text()]).toEqual([200, 'here']);
    const disposition = Buffer.from(answer.headers.get('content-disposition') ?? '', 'latin1').toString();
    expect(disposition).toBe('attachment; filename="ä.txt"');
  });

  test('writes what it names', async () => {
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: 'shelf', Key: 'new', ContentType: 'text/plain' }));
    const answer = await fetch(url, { method: 'PUT', body: 'written', headers: { 'content-type': 'text/plain' } });
    expect([answer.status, await read('new')]).toEqual([200, 'written']);
  });

  test('is good for the time that it names', async () => {
    const url = await addressOf('fünf & sechs.txt');
    cloud.kernel.advance(59_000);
    expect((await fetch(url)).status).toBe(200);
    cloud.kernel.advance(2_000);
    expect(await codeOf(await fetch(url))).toEqual([403, 'AccessDenied']);
  });

  test.each([
    ['another key', (url: string) => url.replace('sechs', 'sieben')],
    ['a longer time', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000')],
    ['another word in the query', (url: string) => `${url}&response-content-type=text%2Fhtml`],
    [
      'another signature',
      (url: string) => url.replace(/X-Amz-Signature=./, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0')),
    ],
  ])('is not good for %s', async (_what, change) => {
    expect(await codeOf(await fetch(change(await addressOf('fünf & sechs.txt'))))).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('is good for its method, and for no header of S3 that it does not sign', async () => {
    const url = await addressOf('fünf & sechs.txt');
    expect(await codeOf(await fetch(url, { method: 'PUT', body: 'x' }))).toEqual([403, 'SignatureDoesNotMatch']);
    const put = await getSignedUrl(client, new PutObjectCommand({ Bucket: 'shelf', Key: 'new' }));
    expect(await codeOf(await fetch(put, { method: 'PUT', body: 'x', headers: { 'x-amz-tagging': 'a=b' } }))).toEqual([
      403,
      'AccessDenied',
    ]);
  });

  test('of a key that is nobody’s is refused with the way out', async () => {
    const url = await getSignedUrl(cloud.client(), new GetObjectCommand({ Bucket: 'shelf', Key: 'a' }));
    expect(await (await fetch(url)).text()).toContain('with the access key &apos;root&apos; and the secret &apos;root&apos;');
  });

  test('with a bucket in its host is good there', async () => {
    const { port } = new URL(cloud.url);
    const virtual = cloud.client({ credentials: root, endpoint: `http://localhost:${port}` });
    const url = new URL(await getSignedUrl(virtual, new GetObjectCommand({ Bucket: 'shelf', Key: 'fünf & sechs.txt' })));
    expect(url.hostname).toBe('shelf.localhost');
    const options = { host: '127.0.0.1', port, path: `${url.pathname}${url.search}`, headers: { host: url.host } };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => get(options, resolve).on('error', reject));
    expect([answer.statusCode, Buffer.concat(await answer.toArray()).toString()]).toEqual([200, 'here']);
  });

  test('of the second version is refused as newer regions do', async () => {
    const answer = await fetch(`${cloud.url}/shelf/a?AWSAccessKeyId=root&Signature=x&Expires=2000000000`);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Please use AWS4-HMAC-SHA256.')]);
  });

  test('of a function can do what its role may', async () => {
    const credentials = await cloud.role('reader', { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shelf/public/*' });
    const reader = cloud.client({ credentials });
    await client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'public/a', Body: 'public' }));
    const allowed = await fetch(await getSignedUrl(reader, new GetObjectCommand({ Bucket: 'shelf', Key: 'public/a' })));
    expect([allowed.status, await allowed.text()]).toEqual([200, 'public']);
    const denied = await fetch(await getSignedUrl(reader, new GetObjectCommand({ Bucket: 'shelf', Key: 'fünf & sechs.txt' })));
    expect(await codeOf(denied)).toEqual([403, 'AccessDenied']);
    const url = await getSignedUrl(reader, new GetObjectCommand({ Bucket: 'shelf', Key: 'public/a' }));
    expect(await codeOf(await fetch(url.replace(/X-Amz-Security-Token=[^&]+/, 'X-Amz-Security-Token=other')))).toEqual([
      400,
      'InvalidToken',
    ]);
  });
});

describe('a presigned form', () => {
  const form = (options: Partial<PresignedPostOptions> = {}, by = client) =>
    createPresignedPost(by, { Bucket: 'shelf', Key: 'up/${filename}', Expires: 60, ...options });
  const send = async (
    { url, fields }: { url: string; fields: Record<string, string> },
    content: string | Uint8Array<ArrayBuffer> = 'content',
    more: Record<string, string> = {},
  ) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...more })) body.set(name, value);
    body.set('file', new Blob([content]), 'cat.jpg');
    return fetch(url, { method: 'POST', body, redirect: 'manual' });
  };

  test('uploads a file under its name, with what its fields say', async () => {
    const fields = {
      'Content-Type': 'image/jpeg',
      'x-amz-meta-of': 'Zoë',
      tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
    };
    const answer = await send(await form({ Fields: fields }));
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(await read('up/cat.jpg')).toBe('content');
    const head = await client.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'up/cat.jpg' }));
    expect(head).toMatchObject({ ContentType: 'image/jpeg', TagCount: 1 });
    expect(Buffer.from(head.Metadata?.['of'] ?? '', 'latin1').toString()).toBe('Zoë');
  });

  test('of 30 MB is kept byte by byte, also where it has what looks like a border', async () => {
    const bytes = new Uint8Array(30 * 1024 * 1024).map((_, index) => (index * 7) % 251);
    bytes.set(Buffer.from('\r\n--\r\n------'), 1_000_000);
    expect((await send(await form(), bytes)).status).toBe(204);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'shelf', Key: 'up/cat.jpg' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  test('answers as it is told', async () => {
    const created = await send(await form({ Fields: { success_action_status: '201' } }));
    expect([created.status, await created.text()]).toEqual([201, expect.stringContaining('<Bucket>shelf</Bucket><Key>up/cat.jpg</Key>')]);
    const redirected = await send(await form({ Fields: { success_action_redirect: 'http://localhost:4000/done?a=1' } }));
    expect([redirected.status, redirected.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^http:\/\/localhost:4000\/done\?a=1&bucket=shelf&key=up%2Fcat.jpg&etag=%22[0-9a-f]{32}%22$/),
    ]);
  });

  const refused = async (answer: Response) => {
    const text = await answer.text();
    await expect(read('up/cat.jpg')).rejects.toMatchObject({ name: 'NoSuchKey' });
    return [answer.status, /<Code>(.*)<\/Code>/.exec(text)?.[1], /<Message>(.*)<\/Message>/.exec(text)?.[1]];
  };

  test('is good for files of the length that it names', async () => {
    const length = { Conditions: [['content-length-range', 5, 10] as ['content-length-range', number, number]] };
    expect(await refused(await send(await form(length), 'four'))).toEqual([400, 'EntityTooSmall', expect.any(String)]);
    expect(await refused(await send(await form(length), new Uint8Array(20_000_000)))).toEqual([400, 'EntityTooLarge', expect.any(String)]);
    expect(await refused(await send(await form(length), 'eleven char'))).toEqual([400, 'EntityTooLarge', expect.any(String)]);
    expect((await send(await form(length), 'just right')).status).toBe(204);
  });

  test('is good until it expires', async () => {
    const made = await form();
    cloud.kernel.advance(61_000);
    expect(await refused(await send(made))).toEqual([403, 'AccessDenied', 'Invalid according to Policy: Policy expired.']);
  });

  test.each([
    ['a field that it does not name', { 'x-amz-meta-more': 'x' }, 'Invalid according to Policy: Extra input fields: x-amz-meta-more'],
    ['another value than it names', { 'Content-Type': 'text/html' }, 'Invalid according to Policy: Policy Condition failed: ['],
    ['another key than it names', { key: 'elsewhere/cat.jpg' }, 'Invalid according to Policy: Policy Condition failed: ['],
  ])('is not good for %s', async (_what, change, message) => {
    const made = await form({ Conditions: [['starts-with', '$Content-Type', 'image/']], Fields: { 'Content-Type': 'image/png' } });
    expect(await refused(await send(made, 'content', change))).toEqual([
      403,
      'AccessDenied',
      expect.stringContaining(message.replaceAll('"', '&quot;')),
    ]);
  });

  test('is not good for a policy that somebody has changed, or for another bucket', async () => {
    const made = await form();
    const policy = JSON.parse(Buffer.from(made.fields['Policy'] ?? '', 'base64').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...policy, expiration: '2100-01-01T00:00:00Z' })).toString('base64');
    expect(await refused(await send(made, 'content', { Policy: changed }))).toEqual([403, 'SignatureDoesNotMatch', expect.any(String)]);
    await cloud.bucket('other');
    expect(await codeOf(await send({ ...made, url: `${cloud.url}/other` }))).toEqual([403, 'AccessDenied']);
  });

  test('without a policy is for buckets that let anybody write', async () => {
    const url = `${cloud.url}/shelf`;
    expect(await refused(await send({ url, fields: { key: 'up/cat.jpg' } }))).toEqual([403, 'AccessDenied', expect.any(String)]);
  });

  test('of a function can do what its role may', async () => {
    const uploader = cloud.client({
      credentials: await cloud.role('uploader', { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::shelf/up/*' }),
    });
    expect((await send(await form({}, uploader))).status).toBe(204);
    expect(await codeOf(await send(await form({ Key: 'elsewhere' }, uploader)))).toEqual([403, 'AccessDenied']);
  });

  test.each([
    ['no file', 'key', 'IncorrectNumberOfFilesInPostRequest'],
    ['more fields than S3 takes', 'x'.repeat(21_000), 'MaxPostPreDataLengthExceeded'],
  ])('with %s is refused', async (_what, value, code) => {
    const body = new FormData();
    body.set('key', value);
    expect(await codeOf(await fetch(`${cloud.url}/shelf`, { method: 'POST', body }))).toEqual([400, code]);
  });

  test('that is none is refused', async () => {
    for (const body of ['', 'nothing of the kind', '--b\r\n\r\n\r\n--b--']) {
      const answer = await fetch(`${cloud.url}/shelf`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      });
      expect([body, ...(await codeOf(answer))]).toEqual([body, 400, 'MalformedPOSTRequest']);
    }
  });
});
