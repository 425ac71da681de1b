import { AwsError } from '../kernel/aws-error.ts';
import { permission, reading, writing } from './access.ts';
import { checksumHeaders } from './checksum.ts';
import { checkWrite, isUnchanged, rangeOf } from './conditions.ts';
import { accessDenied, noSuchKey } from './errors.ts';
import { tagsIn, toHeaderValue, toMeta } from './meta.ts';
import type { StoredObject } from './objects.ts';
import type { Operation, Parts, S3Call, S3Reply } from './parts.ts';
import { readText, receivePayload } from './payload.ts';
import { deleteObject, writeObject } from './write.ts';
import { toXml } from './xml.ts';

/** Operations on one object. */
export function objectOperations(parts: Parts): Readonly<Record<string, Operation>> {
  const { database, objects, bodies } = parts;
  const existing = (call: S3Call): StoredObject => existingObject(parts, call);
  const readable = (call: S3Call): StoredObject => readableObject(parts, call);

  return {
    GetObject(call) {
      return readObject(parts, readable(call), call.request, 'GET');
    },
    HeadObject(call) {
      return readObject(parts, readable(call), call.request, 'HEAD');
    },
    async PutObject(call) {
      const { request, key } = call;
      const bucket = call.bucket();
      const meta = toMeta(request.headers, bucket.settings);
      call.access.check(...writing({ headers: request.headers, tags: meta.tags }, bucket, key));
      // Known before the content comes, and decided again when it is there.
      checkWrite(request.headers, key, objects.find(bucket.name, key));
      const { draft, md5, checksum } = await receivePayload(bodies, request);
      try {
        const object = writeObject(parts, {
          bucket,
          key,
          size: draft.size,
          etag: md5.toString('hex'),
          meta: { ...meta, checksum },
          event: 'ObjectCreated:Put',
          requestId: request.id,
          by: call.asker,
          check: (present) => checkWrite(request.headers, key, present),
          body: () => bodies.save(draft),
        });
        return { status: 200, headers: writtenHeaders(object) };
      } catch (error) {
        await bodies.discard(draft);
        throw error;
      }
    },
    DeleteObject(call) {
      const { request, key, asker } = call;
      const bucket = call.bucket();
      call.access.check(permission('DeleteObject', bucket, key));
      const check = (present: StoredObject | undefined): void => checkWrite(request.headers, key, present);
      deleteObject(parts, { bucket, key, requestId: request.id, by: asker, check });
      return { status: 204 };
    },
    GetObjectTagging(call) {
      call.access.check(permission('GetObjectTagging', call.bucket(), call.key));
      const Tag = Object.entries(existing(call).meta.tags).map(([Key, Value]) => ({ Key, Value }));
      return { status: 200, body: toXml('Tagging', { TagSet: { Tag } }) };
    },
    async PutObjectTagging(call) {
      call.access.check(permission('PutObjectTagging', call.bucket(), call.key));
      const tags = tagsIn(await readText(call.request));
      database.transaction(() => setTags(existing(call), tags));
      return { status: 200 };
    },
    DeleteObjectTagging(call) {
      call.access.check(permission('DeleteObjectTagging', call.bucket(), call.key));
      database.transaction(() => setTags(existing(call), {}));
      return { status: 204 };
    },
  };

  function setTags(object: StoredObject, tags: Readonly<Record<string, string>>): void {
    objects.put({ ...object, meta: { ...object.meta, tags } });
  }
}

/**
 * @throws {AwsError} `NoSuchKey`; to those who may not list the bucket it is `AccessDenied`, so that they do not learn what is there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function existingObject({ objects }: Parts, { bucket, key, access }: Pick<S3Call, 'bucket' | 'key' | 'access'>): StoredObject {
  const object = objects.find(bucket().name, key);
  if (object) return object;
  if (access.may(permission('ListBucket', bucket()))) throw noSuchKey(key);
  throw accessDenied(`Access Denied. The key is not there; without s3:ListBucket on ${bucket().arn} S3 does not say so.`);
}

/** An object that whoever asks may read. @throws {AwsError} `AccessDenied`, `NoSuchKey`. */
export function readableObject(parts: Parts, call: Pick<S3Call, 'bucket' | 'key' | 'access'>): StoredObject {
  const bucket = call.bucket();
  call.access.check(reading(bucket, call.key, parts.objects.find(bucket.name, call.key)));
  return existingObject(parts, call);
}

/** An object, or what is asked of it: under conditions, a range, with headers that the caller chooses. */
export function readObject(
  { bodies }: Pick<Parts, 'bodies'>,
  object: StoredObject,
  { headers, query }: Pick<S3Call['request'], 'headers' | 'query'>,
  method: 'GET' | 'HEAD',
): S3Reply {
  const { size, meta } = object;
  const always = {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modified).toUTCString(),
    ...(meta.headers['cache-control'] !== undefined && { 'cache-control': meta.headers['cache-control'] }),
  };
  if (isUnchanged(headers, object)) return { status: 304, headers: always };
  const range = rangeOf(headers['range'], size);
  if (range === 'unsatisfiable') {
    const facts = { RangeRequested: headers['range'], ActualObjectSize: size };
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, facts);
  }
  const { start, end } = range ?? { start: 0, end: size };
  const tags = Object.keys(meta.tags).length;
  const all = {
    ...meta.headers,
    ...always,
    ...overrides(query),
    'accept-ranges': 'bytes',
    'content-length': String(end - start),
    ...(tags > 0 && { 'x-amz-tagging-count': String(tags) }),
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    // A checksum is of the whole: a client would hold a part against it.
    ...(!range && headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && checksumHeaders(meta.checksum)),
  };
  return { status: range ? 206 : 200, headers: all, body: method === 'HEAD' ? undefined : bodies.open(object.body, start, end) };
}

/** What whoever has written an object is told. */
export function writtenHeaders({ etag, meta }: StoredObject): Record<string, string> {
  const encryption = meta.headers['x-amz-server-side-encryption'];
  return {
    etag: `"${etag}"`,
    ...checksumHeaders(meta.checksum),
    ...(encryption !== undefined && { 'x-amz-server-side-encryption': encryption }),
  };
}

/** `response-content-type` and the like. */
function overrides(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'].flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, toHeaderValue(value)]];
    }),
  );
}
