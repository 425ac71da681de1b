import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
  GetBucketAclCommand,
} from '@aws-sdk/client-s3';
import { testS3, type TestS3 } from './fixture.test-support.ts';

let cloud: TestS3;
let client: S3Client;

beforeEach(async () => {
  cloud = await testS3();
  client = cloud.client();
  await cloud.bucket('shelf');
});
afterEach(() => cloud.close());

const put = (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'shelf', Key, Body, ...more }));
const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
  client.send(new GetObjectCommand({ Bucket: 'shelf', Key, ...more }));
const text = async (Key: string, more: Partial<GetObjectCommandInput> = {}) => (await get(Key, more)).Body?.transformToString();
const named = (name: string, status: number) => ({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) as object });

describe('buckets', () => {
  test('are made, found, listed and deleted when they are empty', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'cellar' }));
    await expect(client.send(new CreateBucketCommand({ Bucket: 'cellar' }))).rejects.toMatchObject(named('BucketAlreadyOwnedByYou', 409));
    await client.send(new HeadBucketCommand({ Bucket: 'cellar' }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['cellar', 'shelf']);
    expect((await client.send(new GetBucketLocationCommand({ Bucket: 'cellar' }))).LocationConstraint).toBeUndefined();
    await put('a', 'a');
    await expect(client.send(new DeleteBucketCommand({ Bucket: 'shelf' }))).rejects.toMatchObject(named('BucketNotEmpty', 409));
    await client.send(new DeleteBucketCommand({ Bucket: 'cellar' }));
    await expect(client.send(new HeadBucketCommand({ Bucket: 'cellar' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test('with a name that S3 would refuse are refused', async () => {
    await expect(client.send(new CreateBucketCommand({ Bucket: '192.168.0.1' }))).rejects.toMatchObject(named('InvalidBucketName', 400));
  });

  test('answer to what is not done here with its name', async () => {
    await expect(client.send(new GetBucketAclCommand({ Bucket: 'shelf' }))).rejects.toMatchObject({
      ...named('NotImplemented', 501),
      message: "The laptop cloud's S3 does not do this: GET ?acl.",
    });
  });
});

describe('objects', () => {
  test('come back with their headers, metadata, ETag and the checksum that the SDK checks', async () => {
    const written = await put('crème/brûlée +&?.txt', 'Zürich 🍮', {
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      Metadata: { Kind: 'dessert' },
    });
    const md5 = createHash('md5').update('Zürich 🍮').digest('hex');
    expect(written).toMatchObject({ ETag: `"${md5}"`, ServerSideEncryption: 'AES256', ChecksumType: 'FULL_OBJECT' });
    const read = await get('crème/brûlée +&?.txt');
    expect(read).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      Metadata: { kind: 'dessert' },
      ContentLength: 12,
      ETag: `"${md5}"`,
      ChecksumCRC32: written.ChecksumCRC32,
    });
    expect(await read.Body?.transformToString()).toBe('Zürich 🍮');
    expect(await client.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'crème/brûlée +&?.txt' }))).toMatchObject({ ContentLength: 12 });
  });

  test.each([
    ['as a whole', (bytes: Buffer) => bytes],
    ['as a stream, whose checksum comes after it', (bytes: Buffer) => Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)])],
  ])('of 30 MB are kept %s', async (_how, toBody) => {
    const bytes = randomBytes(30 * 1024 * 1024);
    await put('large', toBody(bytes), { ContentLength: bytes.length });
    const read = await get('large');
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  test('that are empty are kept', async () => {
    await put('nothing', Buffer.alloc(0));
    expect(await text('nothing')).toBe('');
    expect(await client.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'nothing' }))).toMatchObject({ ContentLength: 0 });
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('are held against their %s', async (algorithm) => {
    const member = `Checksum${algorithm}` as const;
    const written = await put('a', 'sound', { ChecksumAlgorithm: algorithm });
    expect(written[member]).toBeTruthy();
    expect((await get('a', { ChecksumMode: 'ENABLED' }))[member]).toBe(written[member]);
    await expect(put('a', 'broken', { [member]: written[member] })).rejects.toMatchObject(named('BadDigest', 400));
    expect(await text('a')).toBe('sound');
  });

  test('that are not there are a NoSuchKey, also to HEAD; a bucket that is not there is a NoSuchBucket', async () => {
    await expect(get('none')).rejects.toMatchObject({ ...named('NoSuchKey', 404), Key: 'none' });
    await expect(client.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'none' }))).rejects.toMatchObject(named('NotFound', 404));
    await expect(get('none', { Bucket: 'nowhere' })).rejects.toMatchObject({ ...named('NoSuchBucket', 404), BucketName: 'nowhere' });
  });

  test('are deleted, and to delete what is not there is no error', async () => {
    await put('a', 'a');
    await client.send(new DeleteObjectCommand({ Bucket: 'shelf', Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'shelf', Key: 'a' }));
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('are deleted many at a time', async () => {
    await Promise.all(['a&b', 'c<d>', 'e'].map((key) => put(key, key)));
    const { Deleted, Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: 'shelf', Delete: { Objects: [{ Key: 'a&b' }, { Key: 'c<d>' }, { Key: 'not there' }] } }),
    );
    expect([Deleted?.map(({ Key }) => Key), Errors]).toEqual([['a&b', 'c<d>', 'not there'], undefined]);
    expect((await client.send(new ListObjectsV2Command({ Bucket: 'shelf' }))).Contents?.map(({ Key }) => Key)).toEqual(['e']);
  });

  test('have tags', async () => {
    await put('a', 'a', { Tagging: 'kind=cheese&of=goat' });
    await client.send(
      new PutObjectTaggingCommand({ Bucket: 'shelf', Key: 'a', Tagging: { TagSet: [{ Key: 'kind', Value: 'wine & co' }] } }),
    );
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: 'shelf', Key: 'a' }));
    expect(TagSet).toEqual([{ Key: 'kind', Value: 'wine & co' }]);
    expect(await get('a')).toMatchObject({ TagCount: 1 });
  });

  test('with more metadata than S3 takes, or with an access control list, are refused', async () => {
    await expect(put('a', 'a', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject(named('MetadataTooLarge', 400));
    await expect(put('a', 'a', { ACL: 'public-read' })).rejects.toMatchObject(named('AccessControlListNotSupported', 400));
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('ranges and conditions', () => {
  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=0-1,4-5', '0123456789', undefined],
    ['lines=1-2', '0123456789', undefined],
  ])('%s of ten bytes is %s', async (Range, expected, ContentRange) => {
    await put('digits', '0123456789');
    const read = await get('digits', { Range });
    expect([await read.Body?.transformToString(), read.ContentRange]).toEqual([expected, ContentRange]);
  });

  test('a range behind the end is not satisfiable', async () => {
    await put('digits', '0123456789');
    await expect(get('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({ ...named('InvalidRange', 416), ActualObjectSize: '10' });
  });

  test('a range of a large object comes out of its file', async () => {
    const bytes = randomBytes(1_000_000);
    await put('large', bytes);
    const read = await get('large', { Range: 'bytes=70000-800000' });
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(bytes.subarray(70_000, 800_001))).toBe(true);
  });

  test('what a reader has already is 304, and what it does not expect is 412', async () => {
    const { ETag } = await put('a', 'a');
    const later = new Date(Date.now() + 60_000);
    const earlier = new Date(Date.now() - 60_000);
    await expect(get('a', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('a', { IfModifiedSince: later })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('a', { IfMatch: '"other"' })).rejects.toMatchObject(named('PreconditionFailed', 412));
    await expect(get('a', { IfUnmodifiedSince: earlier })).rejects.toMatchObject(named('PreconditionFailed', 412));
    // A tag that differs decides alone.
    expect(await text('a', { IfNoneMatch: '"other"', IfModifiedSince: later })).toBe('a');
    expect(await text('a', { IfMatch: ETag, IfUnmodifiedSince: earlier })).toBe('a');
  });

  test('of many that write at once where nothing is, one does', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => put('first', `${index}`, { IfNoneMatch: '*' })));
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: named('PreconditionFailed', 412) });
    expect(await text('first')).toBe(String(won));
  });

  test('a large content that is refused unread is answered, and the connection goes on', async () => {
    await put('first', 'first');
    const second = put('first', randomBytes(20 * 1024 * 1024), { IfNoneMatch: '*' });
    await expect(second).rejects.toMatchObject(named('PreconditionFailed', 412));
    expect(await text('first')).toBe('first');
  });

  test('a write that names what it replaces fails when that is not there or another', async () => {
    await expect(put('a', 'b', { IfMatch: '"x"' })).rejects.toMatchObject(named('NoSuchKey', 404));
    const { ETag } = await put('a', 'a');
    await expect(put('a', 'b', { IfMatch: '"x"' })).rejects.toMatchObject(named('PreconditionFailed', 412));
    await put('a', 'b', { IfMatch: ETag });
    expect(await text('a')).toBe('b');
  });
});

describe('copies', () => {
  test('have the content, and the metadata of the source unless they are given others', async () => {
    const bytes = randomBytes(200_000);
    await put('from +a', bytes, { Metadata: { kind: 'one' }, ContentType: 'image/png', Tagging: 'a=1' });
    const copy = (Key: string, more: object = {}) =>
      client.send(new CopyObjectCommand({ Bucket: 'shelf', Key, CopySource: `shelf/${encodeURIComponent('from +a')}`, ...more }));
    await copy('kept');
    await copy('changed', { MetadataDirective: 'REPLACE', Metadata: { kind: 'two' }, TaggingDirective: 'REPLACE', Tagging: 'b=2&c=3' });
    // The file is theirs too: it stays when the source goes.
    await client.send(new DeleteObjectCommand({ Bucket: 'shelf', Key: 'from +a' }));
    const kept = await get('kept');
    expect(kept).toMatchObject({ Metadata: { kind: 'one' }, ContentType: 'image/png', TagCount: 1 });
    expect(Buffer.from((await kept.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(await client.send(new HeadObjectCommand({ Bucket: 'shelf', Key: 'changed' }))).toMatchObject({
      Metadata: { kind: 'two' },
      ContentType: 'binary/octet-stream',
      ContentLength: bytes.length,
      TagCount: 2,
    });
    await expect(client.send(new CopyObjectCommand({ Bucket: 'shelf', Key: 'kept', CopySource: 'shelf/kept' }))).rejects.toMatchObject(
      named('InvalidRequest', 400),
    );
    await expect(copy('again')).rejects.toMatchObject(named('NoSuchKey', 404));
  });

  test('are made under conditions', async () => {
    const { ETag } = await put('a', 'a');
    const copy = (more: object) => client.send(new CopyObjectCommand({ Bucket: 'shelf', Key: 'b', CopySource: '/shelf/a', ...more }));
    await expect(copy({ CopySourceIfNoneMatch: ETag })).rejects.toMatchObject(named('PreconditionFailed', 412));
    await copy({ CopySourceIfMatch: ETag });
    expect(await text('b')).toBe('a');
  });
});

describe('lists', () => {
  const keys = ['a.txt', 'photos/2025/a.jpg', 'photos/2026/b.jpg', 'photos/c.jpg', 'z', 'é', '😀'];
  beforeEach(async () => {
    for (const key of keys) await put(key, key);
  });

  test('are in the order of UTF-8, page by page', async () => {
    const found: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: 'shelf', MaxKeys: 2, ContinuationToken }));
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect(found).toEqual(keys);
  });

  test('fold what lies behind a delimiter, also over the end of a page', async () => {
    const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket: 'shelf', Delimiter: '/', ...more }));
    const all = await list({});
    expect(all.CommonPrefixes).toEqual([{ Prefix: 'photos/' }]);
    expect(all.Contents?.map(({ Key }) => Key)).toEqual(['a.txt', 'z', 'é', '😀']);
    const first = await list({ MaxKeys: 2 });
    const second = await list({ MaxKeys: 2, ContinuationToken: first.NextContinuationToken });
    expect([first.Contents?.length, first.CommonPrefixes?.length, second.Contents?.map(({ Key }) => Key)]).toEqual([1, 1, ['z', 'é']]);
    const folder = await list({ Prefix: 'photos/' });
    expect([folder.CommonPrefixes, folder.Contents?.map(({ Key }) => Key), folder.KeyCount]).toEqual([
      [{ Prefix: 'photos/2025/' }, { Prefix: 'photos/2026/' }],
      ['photos/c.jpg'],
      3,
    ]);
  });

  test('begin after a key, or at a marker in the old version', async () => {
    const after = await client.send(new ListObjectsV2Command({ Bucket: 'shelf', StartAfter: 'photos/c.jpg' }));
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['z', 'é', '😀']);
    const old = await client.send(new ListObjectsCommand({ Bucket: 'shelf', Marker: 'z', EncodingType: 'url' }));
    expect(old.Contents?.map(({ Key }) => decodeURIComponent(Key ?? ''))).toEqual(['é', '😀']);
  });
});

describe('addresses', () => {
  test.each([
    ['the path', (port: string) => ({ endpoint: `http://localhost:${port}`, forcePathStyle: true })],
    ['the host, as the SDK does by itself', (port: string) => ({ endpoint: `http://localhost:${port}` })],
    ['a host of S3', (port: string) => ({ endpoint: `http://s3.localhost:${port}` })],
    ['a host of a region', (port: string) => ({ endpoint: `http://s3.us-east-1.localhost:${port}` })],
  ])('may have the bucket in %s', async (_where, options) => {
    const other = cloud.client(options(new URL(cloud.url).port));
    await other.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'folder/a b', Body: 'here' }));
    const read = await other.send(new GetObjectCommand({ Bucket: 'shelf', Key: 'folder/a b' }));
    expect(await read.Body?.transformToString()).toBe('here');
    expect((await other.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  });

  test('that name nothing that is here are told so', async () => {
    const answer = await fetch(`${cloud.url}/nowhere/a`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('This is the address of the AWS APIs')]);
  });
});

describe('contents over the wire', () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
  /** Writes bytes as they are, so that a test can break them. */
  const raw = (headers: Record<string, string>, body: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(`${cloud.url}/shelf/a`, { method: 'PUT', headers: { authorization, ...headers } }, (answer) => {
        answer
          .toArray()
          .then(
            (chunks) => resolve(`${answer.statusCode} ${/<Code>(.*)<\/Code>/.exec(Buffer.concat(chunks as Buffer[]).toString())?.[1]}`),
            reject,
          );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const chunked = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '5',
  };
  const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' };

  test.each([
    [
      'signed chunks',
      { ...chunked, 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      '3;chunk-signature=ab\r\nhel\r\n2;chunk-signature=cd\r\nlo\r\n0;chunk-signature=ef\r\n\r\n',
      '200 undefined',
    ],
    ['a trailer', { ...chunked, ...trailer }, '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', '200 undefined'],
    [
      'a trailer that does not fit',
      { ...chunked, ...trailer },
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      '400 BadDigest',
    ],
    ['a trailer that does not come', { ...chunked, ...trailer }, '5\r\nhello\r\n0\r\n\r\n', '400 IncompleteBody'],
    ['a chunk that is cut off', chunked, '5\r\nhel', '400 IncompleteBody'],
    ['a chunk that is no chunk', chunked, 'hello', '400 IncompleteBody'],
    [
      'fewer bytes than were announced',
      { ...chunked, 'x-amz-decoded-content-length': '6' },
      '5\r\nhello\r\n0\r\n\r\n',
      '400 IncompleteBody',
    ],
    [
      'another hash than was signed',
      { 'x-amz-content-sha256': '0'.repeat(64), 'content-length': '5' },
      'hello',
      '400 XAmzContentSHA256Mismatch',
    ],
    ['another MD5', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==', 'content-length': '5' }, 'hello', '400 BadDigest'],
    ['no length', { 'transfer-encoding': 'chunked' }, 'hello', '501 NotImplemented'],
    ['more than S3 takes at once', { ...chunked, 'x-amz-decoded-content-length': '5368709121' }, '', '400 EntityTooLarge'],
  ])('with %s', async (_what, headers, body, expected) => {
    expect(await raw(headers, body)).toBe(expected);
    const isThere = await text('a').catch(() => undefined);
    expect(isThere).toBe(expected.startsWith('200') ? 'hello' : undefined);
  });

  test('of a client that goes away in the middle are not kept', async () => {
    await put('a', 'before');
    await new Promise<void>((resolve) => {
      const half = request(`${cloud.url}/shelf/a`, { method: 'PUT', headers: { authorization, 'content-length': '1000000' } });
      half.on('error', () => resolve());
      half.write(Buffer.alloc(500_000), () => half.destroy(new Error('gone')));
    });
    expect(await text('a')).toBe('before');
    expect(cloud.kernel.told).toEqual([]);
  });
});
