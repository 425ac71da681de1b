import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import { permission, writing } from './access.ts';
import { algorithmNamed, type Checksum, checksumHeader, checksumMembers, digestOf } from './checksum.ts';
import { choose, invalidPart, partNumberOf } from './chosen-parts.ts';
import { checkWrite } from './conditions.ts';
import { maximum } from './listing.ts';
import { toMeta } from './meta.ts';
import type { Operation, Parts, S3Call } from './parts.ts';
import { readText, receivePayload } from './payload.ts';
import { readStored } from './stored-digests.ts';
import type { Part, Upload } from './uploads.ts';
import { writeObject } from './write.ts';
import { fromXml, listOf, toXml } from './xml.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export function uploadOperations(parts: Parts): Readonly<Record<string, Operation>> {
  const { kernel, database, bodies, uploads } = parts;
  const uploadOf = ({ request, bucket, key }: S3Call): Upload => uploads.get(request.query.get('uploadId') ?? '', bucket().name, key);

  return {
    CreateMultipartUpload(call) {
      const { request, key } = call;
      const bucket = call.bucket();
      const meta = toMeta(request.headers, bucket.settings);
      call.access.check(...writing({ headers: request.headers, creates: false, tags: meta.tags }, bucket, key));
      const checksum = checksumOf(request.headers);
      const { id } = uploads.begin({ bucket: bucket.name, key, started: kernel.now(), meta, checksum });
      const headers: Record<string, string> = { 'x-amz-server-side-encryption': meta.headers['x-amz-server-side-encryption'] ?? 'AES256' };
      if (checksum) Object.assign(headers, { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type });
      return { status: 200, headers, body: toXml('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: id }) };
    },

    async UploadPart(call) {
      const bucket = call.bucket();
      call.access.check(...writing({ headers: call.request.headers, creates: false }, bucket, call.key));
      const upload = uploadOf(call);
      const number = partNumberOf(call.request.query);
      const { draft, md5, checksum } = await receivePayload(bodies, call.request, upload.checksum?.algorithm);
      try {
        if (upload.checksum && checksum?.algorithm !== upload.checksum.algorithm) {
          const message = `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm}, actual checksum Type: ${checksum?.algorithm ?? 'null'}`;
          throw new AwsError('InvalidRequest', message);
        }
        const etag = md5.toString('hex');
        database.transaction(() => {
          uploads.put(uploadOf(call), {
            number,
            body: bodies.save(draft),
            size: draft.size,
            etag,
            modified: kernel.now(),
            checksum: checksum?.value ?? null,
          });
        });
        return { status: 200, headers: { etag: `"${etag}"`, ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }) } };
      } catch (error) {
        await bodies.discard(draft);
        throw error;
      }
    },

    async CompleteMultipartUpload(call) {
      const { request, key, asker } = call;
      const bucket = call.bucket();
      call.access.check(...writing({ headers: request.headers }, bucket, key));
      const upload = uploadOf(call);
      const { Part } = fromXml(await readText(request), 'CompleteMultipartUpload');
      const chosen = choose(uploads.parts(upload), listOf(Part), upload.checksum?.algorithm);
      const size = chosen.reduce((sum, part) => sum + part.size, 0);
      const etag = `${createHash('md5')
        .update(Buffer.concat(chosen.map((part) => Buffer.from(part.etag, 'hex'))))
        .digest('hex')}-${chosen.length}`;
      const checksum = await wholeChecksum(upload, chosen);
      const wanted = checksum && request.headers[checksumHeader(checksum.algorithm)];
      if (wanted !== undefined && wanted.replace(/-\d+$/, '') !== checksum?.value.replace(/-\d+$/, '')) {
        throw new AwsError('BadDigest', `The ${checksum?.algorithm} you specified did not match the calculated checksum.`);
      }
      const object = writeObject(parts, {
        bucket,
        key,
        size,
        etag,
        meta: { ...upload.meta, checksum },
        event: 'ObjectCreated:CompleteMultipartUpload',
        requestId: request.id,
        by: asker,
        check: (present) => checkWrite(request.headers, key, present),
        body() {
          // What was chosen may have been replaced, or the upload aborted, while its checksum was made.
          const present = new Set(uploads.parts(uploadOf(call)).map((part) => part.body));
          if (!chosen.every((part) => present.has(part.body))) throw invalidPart();
          const body = bodies.join(chosen.map((part) => part.body));
          uploads.end(upload);
          return body;
        },
      });
      const encryption = { 'x-amz-server-side-encryption': object.meta.headers['x-amz-server-side-encryption'] ?? 'AES256' };
      const result = {
        Location: `${kernel.endpointUrl}/${bucket.name}/${encodeURI(key)}`,
        Bucket: bucket.name,
        Key: key,
        ETag: `"${etag}"`,
        ...checksumMembers(checksum),
      };
      return { status: 200, headers: encryption, body: toXml('CompleteMultipartUploadResult', result) };
    },

    AbortMultipartUpload(call) {
      call.access.check(permission('AbortMultipartUpload', call.bucket(), call.key));
      database.transaction(() => uploads.end(uploadOf(call)));
      return { status: 204 };
    },

    ListParts(call) {
      call.access.check(permission('ListMultipartUploadParts', call.bucket(), call.key));
      const { query } = call.request;
      const upload = uploadOf(call);
      const most = maximum(query.get('max-parts'), 'max-parts');
      const marker = Number(query.get('part-number-marker') ?? 0);
      const rest = uploads.parts(upload).filter(({ number }) => number > marker);
      const page = rest.slice(0, most);
      const algorithm = upload.checksum?.algorithm;
      const result = {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? 0,
        MaxParts: most,
        IsTruncated: rest.length > page.length,
        StorageClass: 'STANDARD',
        ...(upload.checksum && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modified).toISOString(),
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...checksumMembers(algorithm && part.checksum !== null ? { algorithm, value: part.checksum } : undefined),
        })),
      };
      return { status: 200, body: toXml('ListPartsResult', result) };
    },
  };

  async function wholeChecksum(upload: Upload, chosen: readonly Part[]): Promise<Checksum | undefined> {
    if (!upload.checksum) return undefined;
    const { algorithm, type } = upload.checksum;
    if (type === 'COMPOSITE') {
      const digest = digestOf(algorithm);
      for (const { checksum } of chosen) digest.update(Buffer.from(checksum ?? '', 'base64'));
      return { algorithm, type, value: `${(await digest.finish()).toString('base64')}-${chosen.length}` };
    }
    // Read again part by part: all of it at once belongs to no body yet.
    const digest = digestOf(algorithm);
    for (const { body, size } of chosen) await readStored(bodies, { body, start: 0, end: size }, digest.update);
    return { algorithm, type, value: (await digest.finish()).toString('base64') };
  }
}

/** CRC-64 is of the whole, SHA of the parts; the others may be either, and are of the parts unless they say so. */
function checksumOf(headers: S3Call['request']['headers']): Upload['checksum'] {
  const algorithm = algorithmNamed(headers['x-amz-checksum-algorithm']);
  if (!algorithm) return undefined;
  const type = headers['x-amz-checksum-type']?.toUpperCase() ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible = algorithm === 'CRC64NVME' ? ['FULL_OBJECT'] : algorithm.startsWith('SHA') ? ['COMPOSITE'] : ['FULL_OBJECT', 'COMPOSITE'];
  if (!possible.includes(type))
    throw new AwsError('InvalidRequest', `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
  return { algorithm, type: type as Checksum['type'] };
}
