import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { testS3, type TestS3 } from './fixture.test-support.ts';

const MB = 1024 * 1024;
const where = { Bucket: 'shelf', Key: 'large' };
let cloud: TestS3;
let client: S3Client;

beforeEach(async () => {
  cloud = await testS3();
  client = cloud.client();
  await cloud.bucket('shelf');
});
afterEach(() => cloud.close());

const begin = async (more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await client.send(new CreateMultipartUploadCommand({ ...where, ...more }))).UploadId!;
const upload = async (UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> => {
  const {
    $metadata: _,
    ServerSideEncryption: __,
    ...part
  } = await client.send(new UploadPartCommand({ ...where, UploadId, PartNumber, Body }));
  return { ...part, PartNumber };
};
const complete = (UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  client.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts }, ...more }));
const read = async (Key = 'large', Range?: string) =>
  Buffer.from((await (await client.send(new GetObjectCommand({ Bucket: 'shelf', Key, Range }))).Body?.transformToByteArray()) ?? []);
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

test('parts become an object, in the order of their numbers, the last one written of each', async () => {
  const [first, second, last] = [randomBytes(5 * MB), randomBytes(6 * MB), randomBytes(1000)];
  const id = await begin({ ContentType: 'image/png', Metadata: { kind: 'large' }, ChecksumAlgorithm: 'CRC32' });
  await upload(id, 2, randomBytes(5 * MB));
  const parts = [await upload(id, 1, first), await upload(id, 2, second), await upload(id, 7, last)];
  const { Parts } = await client.send(new ListPartsCommand({ ...where, UploadId: id, MaxParts: 2 }));
  expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 5 * MB],
    [2, 6 * MB],
  ]);
  await expect(read()).rejects.toMatchObject({ name: 'NoSuchKey' });

  const { ETag, ChecksumType } = await complete(id, parts);
  const all = Buffer.concat([first, second, last]);
  expect([ETag, ChecksumType]).toEqual([`"${md5(Buffer.concat([first, second, last].map(md5))).toString('hex')}-3"`, 'COMPOSITE']);
  expect((await read()).equals(all)).toBe(true);
  // Over the borders of parts, into the last, which is not in a file.
  expect((await read('large', `bytes=${5 * MB - 10}-${11 * MB + 9}`)).equals(all.subarray(5 * MB - 10, 11 * MB + 10))).toBe(true);
  expect(await client.send(new GetObjectCommand(where))).toMatchObject({ ContentType: 'image/png', Metadata: { kind: 'large' } });
  await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
}, 20_000);

test('the CRC-64 of all parts is that of the whole', async () => {
  const [first, last] = [randomBytes(5 * MB), randomBytes(10)];
  const id = await begin({ ChecksumAlgorithm: 'CRC64NVME' });
  const parts = [
    await client.send(new UploadPartCommand({ ...where, UploadId: id, PartNumber: 1, Body: first, ChecksumAlgorithm: 'CRC64NVME' })),
    await client.send(new UploadPartCommand({ ...where, UploadId: id, PartNumber: 2, Body: last, ChecksumAlgorithm: 'CRC64NVME' })),
  ].map(({ ETag, ChecksumCRC64NVME }, index) => ({ ETag, ChecksumCRC64NVME, PartNumber: index + 1 }));
  const { ChecksumCRC64NVME, ChecksumType } = await complete(id, parts);
  const whole = await client.send(
    new PutObjectCommand({ Bucket: 'shelf', Key: 'whole', Body: Buffer.concat([first, last]), ChecksumAlgorithm: 'CRC64NVME' }),
  );
  expect([ChecksumCRC64NVME, ChecksumType]).toEqual([whole.ChecksumCRC64NVME, 'FULL_OBJECT']);
}, 20_000);

test('what does not fit together is refused, and the upload goes on', async () => {
  const id = await begin();
  const [first, second] = [await upload(id, 1, Buffer.from('too small')), await upload(id, 2, Buffer.from('last'))];
  await expect(complete(id, [second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(id, [first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete(id, [{ ...first, ETag: '"other"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(id, [{ ...first, PartNumber: 9 }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await complete(id, [first]);
  expect((await read()).toString()).toBe('too small');
});

test('a part that came broken is not kept', async () => {
  const id = await begin();
  const broken = client.send(
    new UploadPartCommand({ ...where, UploadId: id, PartNumber: 1, Body: Buffer.from('a'), ChecksumCRC32: 'AAAAAA==' }),
  );
  await expect(broken).rejects.toMatchObject({ name: 'BadDigest' });
  expect((await client.send(new ListPartsCommand({ ...where, UploadId: id }))).Parts).toBeUndefined();
});

test('where something is already, an upload that must be the first fails', async () => {
  await client.send(new PutObjectCommand({ ...where, Body: 'first' }));
  const id = await begin();
  const part = await upload(id, 1, Buffer.from('second'));
  await expect(complete(id, [part], { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect((await read()).toString()).toBe('first');
});

test('an upload is listed until it is aborted', async () => {
  const id = await begin();
  const list = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: 'shelf' }))).Uploads?.map(({ UploadId }) => UploadId);
  expect(await list()).toEqual([id]);
  await client.send(new AbortMultipartUploadCommand({ ...where, UploadId: id }));
  expect(await list()).toBeUndefined();
  await expect(upload(id, 1, Buffer.from('a'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('parts are copied from objects, and the copy of what came in parts is one piece', async () => {
  const bytes = randomBytes(12 * MB);
  await client.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'source', Body: bytes }));
  const id = await begin();
  const copy = async (PartNumber: number, CopySourceRange: string) => {
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({ ...where, UploadId: id, PartNumber, CopySource: 'shelf/source', CopySourceRange }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  const parts = [await copy(1, `bytes=100-${6 * MB - 1}`), await copy(2, `bytes=0-99`)];
  await complete(id, parts);
  const expected = Buffer.concat([bytes.subarray(100, 6 * MB), bytes.subarray(0, 100)]);
  expect((await read()).equals(expected)).toBe(true);
  const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket: 'shelf', Key: 'copy', CopySource: 'shelf/large' }));
  expect(CopyObjectResult?.ETag).toBe(`"${md5(expected).toString('hex')}"`);
}, 20_000);
