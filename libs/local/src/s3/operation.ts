import { notImplemented } from './errors.ts';
import type { S3Request } from './request.ts';

/** What S3 has and the laptop does not: asked for by a word in the query. */
const NOT_HERE = new Set([
  'abac', 'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'encryption', 'intelligent-tiering', 'inventory', 'legal-hold', 'lifecycle',
  'logging', 'metadataConfiguration', 'metadataTable', 'metrics', 'notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus',
  'publicAccessBlock', 'renameObject', 'replication', 'requestPayment', 'restore', 'retention', 'select', 'session', 'torrent', 'versioning',
  'versions', 'website',
]); // prettier-ignore

/**
 * The operation that a request asks for, as the SDK names it.
 *
 * @throws {AwsError} `NotImplemented`, which names what is not done here.
 */
export function operationOf({ method, bucket, key, query, headers }: S3Request): string {
  for (const name of query.keys()) if (NOT_HERE.has(name)) throw notImplemented(`${method} ?${name}`);
  const version = query.get('versionId');
  if (version !== null && version !== 'null') throw notImplemented('versions of objects');
  const operation =
    bucket === undefined ? ofService(method) : key === '' ? ofBucket(method, query, headers) : ofObject(method, query, headers);
  if (operation === undefined) throw notImplemented(`${method} on this resource`);
  return operation;
}

function ofService(method: string): string | undefined {
  return method === 'GET' ? 'ListBuckets' : undefined;
}

function ofBucket(method: string, query: URLSearchParams, headers: S3Request['headers']): string | undefined {
  if (query.has('tagging')) throw notImplemented(`${method} ?tagging of a bucket`);
  switch (method) {
    case 'GET':
      if (query.has('location')) return 'GetBucketLocation';
      if (query.has('uploads')) return 'ListMultipartUploads';
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'HEAD':
      return 'HeadBucket';
    case 'PUT':
      return 'CreateBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      if (query.has('delete')) return 'DeleteObjects';
      return headers['content-type']?.startsWith('multipart/form-data') ? 'PostObject' : undefined;
    default:
      return undefined;
  }
}

function ofObject(method: string, query: URLSearchParams, headers: S3Request['headers']): string | undefined {
  if (query.has('tagging'))
    return new Map([
      ['GET', 'GetObjectTagging'],
      ['PUT', 'PutObjectTagging'],
      ['DELETE', 'DeleteObjectTagging'],
    ]).get(method);
  const ofUpload = query.has('uploadId');
  const copies = headers['x-amz-copy-source'] !== undefined;
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (ofUpload) return method === 'GET' ? 'ListParts' : undefined;
      if (query.has('partNumber')) throw notImplemented('reading a part of an object by its number; ask for a Range');
      return method === 'GET' ? 'GetObject' : 'HeadObject';
    case 'PUT':
      if (ofUpload) return copies ? 'UploadPartCopy' : 'UploadPart';
      return copies ? 'CopyObject' : 'PutObject';
    case 'DELETE':
      return ofUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      return ofUpload ? 'CompleteMultipartUpload' : query.has('uploads') ? 'CreateMultipartUpload' : undefined;
    default:
      return undefined;
  }
}
