import type { Iam } from '../iam/iam.ts';
import type { Caller, CallGuard, Permission, ServicePrincipal } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import { accessDenied } from './errors.ts';
import type { StoredObject } from './objects.ts';

/** Who asks: a caller that signed, a service of AWS, or somebody who says not who they are. */
export type Asker = Caller | { readonly kind: 'service'; readonly principal: ServicePrincipal } | { readonly kind: 'anonymous' };

/** What one asker may do. */
export interface Access {
  /** @throws {AwsError} `AccessDenied`. */
  check(...permissions: readonly Permission[]): void;
  /** Asks without telling anybody of a denial. */
  may(permission: Permission): boolean;
}

export interface AccessParts {
  readonly kernel: Kernel;
  readonly iam: Pick<Iam, 'allows' | 'admits' | 'admitsAnyone'>;
  readonly buckets: Buckets;
}

/** @param guard of the call that is made, where one is: it tells of what is denied to functions. */
export function accessOf({ kernel, iam, buckets }: AccessParts, asker: Asker, guard?: CallGuard): Access {
  const mayOf = (may: Access['may']): Access => ({
    may,
    check(...permissions) {
      if (!permissions.every(may)) throw accessDenied();
    },
  });
  switch (asker.kind) {
    case 'root':
      return mayOf(() => true);
    case 'function': {
      const access = mayOf((permission) => kernel.iam === 'warn' || iam.allows(asker.roleArn, permission).allowed);
      return guard ? { ...access, check: (...permissions) => guard.check(asker, permissions, 403) } : access;
    }
    case 'service':
      return mayOf(({ action, resource, resourcePolicy }) => iam.admits(resourcePolicy, asker.principal, action, resource));
    case 'anonymous':
      return mayOf(({ action, resource, resourcePolicy }) => {
        const bucket = buckets.find(resource.split(':')[5]?.split('/')[0] ?? '');
        return bucket?.settings.publicAccess.restrictPublicBuckets === false && iam.admitsAnyone(resourcePolicy, action, resource);
      });
  }
}

/** What IAM has to allow for something that is done to a bucket, or to a key of it. */
export function permission(action: string, bucket: Bucket, key?: string, context?: Permission['context']): Permission {
  const resource = key === undefined ? bucket.arn : `${bucket.arn}/${key}`;
  return { action: `s3:${action}`, resource, resourcePolicy: bucket.settings.policy, ...(context && { context }) };
}

/** Headers of a write that are condition keys too. */
const CONDITION_KEYS = [
  'if-match',
  'if-none-match',
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
];

/**
 * What IAM has to allow for an object that is written, or for a part of one.
 *
 * @param creates whether there is an object when it is done.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function writing(
  { headers, creates = true, tags = {} }: { headers: Headers; creates?: boolean; tags?: Readonly<Record<string, string>> },
  bucket: Bucket,
  key: string,
): readonly Permission[] {
  const context: Record<string, string | readonly string[]> = { 's3:ObjectCreationOperation': String(creates) };
  for (const name of CONDITION_KEYS) if (headers[name] !== undefined) context[`s3:${name}`] = headers[name];
  const asked = Object.entries(tags);
  if (asked.length === 0) return [permission('PutObject', bucket, key, context)];
  for (const [name, value] of asked) context[`s3:RequestObjectTag/${name}`] = value;
  context['s3:RequestObjectTagKeys'] = Object.keys(tags);
  return [permission('PutObject', bucket, key, context), permission('PutObjectTagging', bucket, key, context)];
}

/** What IAM has to allow for an object that is read; its tags are condition keys. */
export function reading(bucket: Bucket, key: string, object: Pick<StoredObject, 'meta'> | undefined): Permission {
  const tags = Object.entries(object?.meta.tags ?? {}).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value] as const);
  return permission('GetObject', bucket, key, Object.fromEntries(tags));
}

type Headers = Readonly<Record<string, string | undefined>>;
