import { AwsError } from '../kernel/aws-error.ts';
import { permission } from './access.ts';
import { checkWrite } from './conditions.ts';
import { notImplemented } from './errors.ts';
import { listObjects, maximum, nameEncoder } from './listing.ts';
import type { Operation, Parts, S3Call } from './parts.ts';
import { readText } from './payload.ts';
import { deleteObject } from './write.ts';
import { fromXml, listOf, toXml, type XmlMembers } from './xml.ts';

/** Operations on buckets, and on many keys of one. */
export function bucketOperations(parts: Parts): Readonly<Record<string, Operation>> {
  const { kernel, database, buckets, objects, uploads } = parts;
  const list = (call: S3Call, version: 1 | 2): string => {
    const { query } = call.request;
    const context = Object.fromEntries(
      ['prefix', 'delimiter', 'max-keys'].flatMap((name) => {
        const value = query.get(name);
        return value === null ? [] : [[`s3:${name}`, value]];
      }),
    );
    call.access.check(permission('ListBucket', call.bucket(), undefined, context));
    return toXml('ListBucketResult', listObjects(objects, call.bucket().name, query, version));
  };

  return {
    ListBuckets({ access, request }) {
      access.check({ action: 's3:ListAllMyBuckets', resource: '*' });
      const prefix = request.query.get('prefix') ?? '';
      const token = request.query.get('continuation-token') ?? '';
      const most = request.query.has('max-buckets') ? maximum(request.query.get('max-buckets'), 'max-buckets') : Infinity;
      const rest = buckets.all().filter(({ name }) => name.startsWith(prefix) && name > token);
      const page = rest.slice(0, most);
      const Bucket = page.map(({ name, createdAt, arn }) => ({
        Name: name,
        CreationDate: new Date(createdAt).toISOString(),
        BucketRegion: kernel.region,
        BucketArn: arn,
      }));
      const next = rest.length > page.length ? { ContinuationToken: page.at(-1)?.name } : {};
      const result = { Buckets: { Bucket }, Owner: { ID: kernel.accountId }, ...next };
      return { status: 200, body: toXml('ListAllMyBucketsResult', result) };
    },
    async CreateBucket({ access, request }) {
      const name = request.bucket ?? '';
      access.check({ action: 's3:CreateBucket', resource: buckets.arnOf(name) });
      await readText(request);
      buckets.create(name);
      return { status: 200, headers: { location: `/${name}`, 'x-amz-bucket-arn': buckets.arnOf(name) } };
    },
    HeadBucket(call) {
      call.access.check(permission('ListBucket', call.bucket()));
      return { status: 200, headers: { 'x-amz-bucket-region': kernel.region, 'x-amz-bucket-arn': call.bucket().arn } };
    },
    DeleteBucket(call) {
      call.access.check(permission('DeleteBucket', call.bucket()));
      const { name } = call.bucket();
      database.transaction(() => {
        buckets.remove(name);
        for (const upload of uploads.ofBucket(name, '')) uploads.end(upload);
      });
      return { status: 204 };
    },
    GetBucketLocation(call) {
      call.access.check(permission('GetBucketLocation', call.bucket()));
      // The oldest region has no name here.
      return { status: 200, body: toLocation(kernel.region === 'us-east-1' ? '' : kernel.region) };
    },
    ListObjects: (call) => ({ status: 200, body: list(call, 1) }),
    ListObjectsV2: (call) => ({ status: 200, body: list(call, 2) }),

    async DeleteObjects(call) {
      const { request, access, asker } = call;
      const bucket = call.bucket();
      const { Object: listed, Quiet } = fromXml(await readText(request), 'Delete');
      const entries = listOf(listed);
      if (entries.length === 0 || entries.length > 1000) {
        throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
      }
      const Deleted: XmlMembers[] = [];
      const Error: XmlMembers[] = [];
      for (const { Key, ETag, VersionId = 'null' } of entries) {
        const key = String(Key ?? '');
        try {
          if (VersionId !== 'null') throw notImplemented('versions of objects');
          access.check(permission('DeleteObject', bucket, key));
          const conditions = ETag === undefined ? {} : { 'if-match': String(ETag) };
          deleteObject(parts, { bucket, key, requestId: request.id, by: asker, check: (present) => checkWrite(conditions, key, present) });
          Deleted.push({ Key: key });
        } catch (error) {
          // One that fails leaves the others alone.
          if (!(error instanceof AwsError)) throw error;
          Error.push({ Key: key, Code: error.code.replace('AccessDeniedException', 'AccessDenied'), Message: error.message });
        }
      }
      return { status: 200, body: toXml('DeleteResult', { Deleted: Quiet === 'true' ? [] : Deleted, Error }) };
    },

    ListMultipartUploads(call) {
      call.access.check(permission('ListBucketMultipartUploads', call.bucket()));
      const { query } = call.request;
      if (query.has('delimiter')) throw notImplemented('listing uploads by a delimiter');
      const { name } = call.bucket();
      const prefix = query.get('prefix') ?? '';
      const most = maximum(query.get('max-uploads'), 'max-uploads');
      const encode = nameEncoder(query);
      const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
      const all = uploads.ofBucket(name, prefix);
      const at = all.findIndex(({ id }) => id === idMarker);
      const rest = at === -1 ? all.filter(({ key }) => key > keyMarker) : all.slice(at + 1);
      const page = rest.slice(0, most);
      const last = page.at(-1);
      const result = {
        Bucket: name,
        KeyMarker: encode(keyMarker),
        UploadIdMarker: idMarker,
        ...(last && rest.length > page.length && { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.id }),
        Prefix: encode(prefix),
        MaxUploads: most,
        IsTruncated: rest.length > page.length,
        Upload: page.map(({ id, key, started }) => ({
          UploadId: id,
          Key: encode(key),
          Initiated: new Date(started).toISOString(),
          StorageClass: 'STANDARD',
        })),
      };
      return { status: 200, body: toXml('ListMultipartUploadsResult', result) };
    },
  };
}

function toLocation(region: string): string {
  return toXml('LocationConstraint', {}).replace('></LocationConstraint>', `>${region}</LocationConstraint>`);
}
