import { getAtt } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { queueId } from './naming.ts';
import type { Service } from './service.ts';

/** The buckets of `resources.yml` with what every bucket gets. */
export function toBuckets({ buckets, functions, production }: Service): Resources {
  return Object.fromEntries(
    Object.entries(buckets).map(([id, bucket]) => {
      const taker = functions.find(({ bucketChange }) => bucketChange === id);
      return [id, toBucket(taker ? withQueue(bucket, queueId(taker.key)) : bucket, production)];
    }),
  );
}

/** Every new object is told to the queue. */
function withQueue(bucket: Resource, queue: string): Resource {
  const NotificationConfiguration = { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: getAtt(queue, 'Arn') }] };
  return {
    ...bucket,
    Properties: { NotificationConfiguration, ...bucket.Properties },
    DependsOn: [...(bucket.DependsOn ?? []), `${queue}Policy`],
  };
}

/** What a bucket says itself wins. It is called as CloudFormation likes: the names of buckets are everybody's. */
function toBucket(bucket: Resource, production: boolean): Resource {
  const defaults: Record<string, Value> = {
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    ...(production ? { VersioningConfiguration: { Status: 'Enabled' } } : {}),
  };
  const policy = production ? 'Retain' : 'Delete';
  return { DeletionPolicy: policy, UpdateReplacePolicy: policy, ...bucket, Properties: { ...defaults, ...bucket.Properties } };
}
