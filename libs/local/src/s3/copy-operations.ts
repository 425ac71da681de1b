import { AwsError } from '../kernel/aws-error.ts';
import { permission, writing } from './access.ts';
import { algorithmNamed, checksumMembers } from './checksum.ts';
import { checkCopySource, checkWrite, rangeOf } from './conditions.ts';
import { invalidArgument } from './errors.ts';
import { parseTags, toMeta } from './meta.ts';
import { readableObject, writtenHeaders } from './object-operations.ts';
import type { Meta, StoredObject } from './objects.ts';
import type { Operation, Parts, S3Call } from './parts.ts';
import { LARGEST_PUT } from './payload.ts';
import { storedDigests } from './stored-digests.ts';
import { partNumberOf } from './chosen-parts.ts';
import { writeObject } from './write.ts';
import { toXml } from './xml.ts';

/** Operations that take their content from another object, whose files are shared: nothing is copied. */
export function copyOperations(parts: Parts): Readonly<Record<string, Operation>> {
  const { kernel, database, buckets, bodies, objects, uploads } = parts;

  const sourceOf = (call: S3Call): StoredObject => {
    const [bucketName, key] = copySource(call.request.headers['x-amz-copy-source'] ?? '');
    const bucket = (): ReturnType<S3Call['bucket']> => buckets.get(bucketName);
    const source = readableObject(parts, { bucket, key, access: call.access });
    checkCopySource(call.request.headers, source);
    return source;
  };

  /** The source's content, unless it was replaced while it was read. Within a transaction. */
  const shared = (source: StoredObject, range?: { start: number; end: number }): string => {
    if (objects.find(source.bucket, source.key)?.body === source.body) return bodies.join([source.body], range);
    throw new AwsError('OperationAborted', 'The source was replaced while it was copied. Please try again.', 409);
  };

  return {
    async CopyObject(call) {
      const { request, key, asker } = call;
      const { headers } = request;
      const bucket = call.bucket();
      const source = sourceOf(call);
      if (source.size > LARGEST_PUT) throw invalidCopy('the specified copy source is larger than 5368709120 bytes; copy it part by part');
      const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
      const onItself = source.bucket === bucket.name && source.key === key;
      if (onItself && !replaces && headers['x-amz-storage-class'] === undefined) {
        throw invalidCopy(
          "it is trying to copy an object to itself without changing the object's metadata, storage class or encryption attributes",
        );
      }
      const replacesTags = headers['x-amz-tagging-directive'] === 'REPLACE';
      const tags = replacesTags ? parseTags(headers['x-amz-tagging'] ?? '') : source.meta.tags;
      call.access.check(...writing({ headers, tags }, bucket, key));
      if (!replacesTags && Object.keys(tags).length > 0)
        call.access.check(permission('GetObjectTagging', buckets.get(source.bucket), source.key));

      const own = toMeta(headers, bucket.settings).headers;
      const encryption = { 'x-amz-server-side-encryption': own['x-amz-server-side-encryption'] ?? bucket.settings.encryption };
      const { etag, checksum } = await inOnePiece(call, source);
      const object = writeObject(parts, {
        bucket,
        key,
        size: source.size,
        etag,
        meta: { headers: { ...(replaces ? own : source.meta.headers), ...encryption }, tags, checksum },
        event: 'ObjectCreated:Copy',
        requestId: request.id,
        by: asker,
        check: (present) => checkWrite(headers, key, present),
        body: () => shared(source),
      });
      const { 'x-amz-server-side-encryption': encrypted } = writtenHeaders(object);
      const result = { LastModified: new Date(object.modified).toISOString(), ETag: `"${etag}"`, ...checksumMembers(checksum) };
      return { status: 200, headers: { 'x-amz-server-side-encryption': encrypted ?? 'AES256' }, body: toXml('CopyObjectResult', result) };
    },

    async UploadPartCopy(call) {
      const { request, key } = call;
      const bucket = call.bucket();
      call.access.check(...writing({ headers: request.headers, creates: false }, bucket, key));
      const upload = uploads.get(request.query.get('uploadId') ?? '', bucket.name, key);
      const number = partNumberOf(request.query);
      const source = sourceOf(call);
      const header = request.headers['x-amz-copy-source-range'];
      const wanted = rangeOf(header, source.size);
      if (wanted === 'unsatisfiable' || (header !== undefined && !wanted)) {
        throw invalidArgument(
          'The x-amz-copy-source-range value must be of the form bytes=first-last, within the source',
          'x-amz-copy-source-range',
        );
      }
      const range = wanted ?? { start: 0, end: source.size };
      if (range.end - range.start > LARGEST_PUT) throw invalidCopy('a part has at most 5368709120 bytes');
      const algorithm = upload.checksum?.algorithm;
      const { md5, sum } = await storedDigests(bodies, { body: source.body, ...range }, algorithm);
      const modified = kernel.now();
      database.transaction(() => {
        uploads.get(upload.id, bucket.name, key);
        uploads.put(upload, {
          number,
          body: shared(source, range),
          size: range.end - range.start,
          etag: md5,
          modified,
          checksum: sum ?? null,
        });
      });
      const checksum = algorithm && sum !== undefined ? { algorithm, value: sum } : undefined;
      const result = { LastModified: new Date(modified).toISOString(), ETag: `"${md5}"`, ...checksumMembers(checksum) };
      return { status: 200, body: toXml('CopyPartResult', result) };
    },
  };

  /** A copy is one piece, also of what was uploaded in parts: its ETag and its checksum are those of the whole. */
  async function inOnePiece({ request }: S3Call, source: StoredObject): Promise<{ etag: string; checksum: Meta['checksum'] }> {
    const { etag, meta } = source;
    const algorithm = algorithmNamed(request.headers['x-amz-checksum-algorithm']) ?? meta.checksum?.algorithm;
    const known = algorithm === meta.checksum?.algorithm && meta.checksum?.type !== 'COMPOSITE';
    if (known && !etag.includes('-')) return { etag, checksum: meta.checksum };
    const { md5, sum } = await storedDigests(bodies, { body: source.body, start: 0, end: source.size }, algorithm);
    return { etag: md5, checksum: algorithm && sum !== undefined ? { algorithm, value: sum, type: 'FULL_OBJECT' } : undefined };
  }
}

/** `bucket/key`, encoded, perhaps with a slash before it. @throws {AwsError} `InvalidArgument`. */
function copySource(header: string): readonly [bucket: string, key: string] {
  const [path = '', version] = header.replace(/^\//, '').split('?versionId=');
  if (version !== undefined && version !== 'null') throw invalidArgument('Versions of objects are not kept here.', 'x-amz-copy-source');
  let decoded = '';
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Refused below.
  }
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source');
  return [decoded.slice(0, slash), decoded.slice(slash + 1)];
}

function invalidCopy(why: string): AwsError {
  return new AwsError('InvalidRequest', `This copy request is illegal because ${why}.`);
}
