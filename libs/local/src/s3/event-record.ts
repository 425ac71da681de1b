import type { Asker } from './access.ts';
import type { Bucket, Notification } from './bucket.ts';

/** Something that happened to an object. */
export interface Happening {
  readonly name:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Post'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete'
    | 'LifecycleExpiration:Delete';
  readonly key: string;
  /** Of an object that was created. */
  readonly size?: number;
  readonly etag?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly by: Asker | { readonly kind: 's3' };
  /** Grows from one change of a key to the next. */
  readonly sequencer: string;
}

export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/**
 * What a function or a queue is told.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function toRecords(happening: Happening, bucket: Bucket, { id }: Notification, { region, accountId }: Place): object {
  const { name, key, size, etag, at, requestId, by, sequencer } = happening;
  const record = {
    eventVersion: name.startsWith('Lifecycle') ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(at).toISOString(),
    eventName: name,
    userIdentity: { principalId: principalOf(by) },
    requestParameters: { sourceIPAddress: by.kind === 's3' ? 's3.amazonaws.com' : '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: id,
      bucket: { name: bucket.name, ownerIdentity: { principalId: accountId }, arn: bucket.arn },
      object: { key: encodeKey(key), ...(size !== undefined && { size, eTag: etag }), sequencer },
    },
  };
  return { Records: [record] };
}

/**
 * What EventBridge is told, on the default bus.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function toEventBridge(
  happening: Happening,
  bucket: Bucket,
  { accountId }: Place,
): { readonly source: string; readonly detailType: string; readonly detail: string; readonly resources: readonly string[] } {
  const { name, key, size, etag, requestId, by, sequencer } = happening;
  const created = name.startsWith('ObjectCreated');
  const detail = {
    version: '0',
    bucket: { name: bucket.name },
    object: { key, ...(size !== undefined && { size, etag }), sequencer },
    'request-id': requestId,
    requester: by.kind === 's3' ? 's3.amazonaws.com' : accountId,
    ...(by.kind !== 's3' && { 'source-ip-address': '127.0.0.1' }),
    reason: REASONS[name],
    ...(!created && { 'deletion-type': 'Permanently Deleted' }),
  };
  return {
    source: 'aws.s3',
    detailType: created ? 'Object Created' : 'Object Deleted',
    detail: JSON.stringify(detail),
    resources: [bucket.arn],
  };
}

const REASONS: Readonly<Record<Happening['name'], string>> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Post': 'POST Object',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
  'ObjectRemoved:Delete': 'DeleteObject',
  'LifecycleExpiration:Delete': 'Lifecycle Expiration',
};

function principalOf(by: Happening['by']): string {
  if (by.kind === 's3') return 's3.amazonaws.com';
  if (by.kind === 'service') return by.principal.service;
  return by.kind === 'anonymous' ? 'Anonymous' : `AWS:${by.arn.slice(by.arn.lastIndexOf(':') + 1)}`;
}

/** As a form encodes it: `red flower.jpg` is `red+flower.jpg`. */
function encodeKey(key: string): string {
  return new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');
}
