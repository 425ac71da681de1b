import { AwsError } from '../kernel/aws-error.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import type { Parts } from './parts.ts';
import { settingsOf } from './bucket-properties.ts';

/** `AWS::S3::Bucket`: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export function bucketResource({ kernel, database, buckets, uploads }: Parts): ResourceType {
  return {
    type: 'AWS::S3::Bucket',
    async apply(request) {
      const { properties } = request;
      const name = typeof properties['BucketName'] === 'string' ? properties['BucketName'] : generatedName(request, 63).toLowerCase();
      const settings = settingsOf(properties, name, kernel);
      database.transaction(() => {
        if (!buckets.find(name)) buckets.create(name);
        buckets.set(name, settings);
      });
      return { physicalId: name, attributes: attributesOf(name, buckets.arnOf(name), kernel) };
    },
    async remove(name) {
      if (!buckets.find(name)) return;
      database.transaction(() => {
        for (const upload of uploads.ofBucket(name, '')) uploads.end(upload);
        buckets.remove(name);
      });
    },
  };
}

/** `AWS::S3::BucketPolicy`: the policy of a bucket. */
export function bucketPolicyResource({ database, buckets }: Parts): ResourceType {
  const save = database.sql.prepare('INSERT OR REPLACE INTO policies (id, bucket) VALUES (?, ?)');
  const find = database.sql.prepare('SELECT bucket FROM policies WHERE id = ?');
  const forget = database.sql.prepare('DELETE FROM policies WHERE id = ?');
  const clear = (id: string, except?: string): void => {
    const before = find.get(id)?.['bucket'];
    if (before !== undefined && before !== except && buckets.find(String(before))) buckets.set(String(before), { policy: undefined });
  };
  return {
    type: 'AWS::S3::BucketPolicy',
    async apply(request) {
      const { Bucket, PolicyDocument } = request.properties as { Bucket: string; PolicyDocument: unknown };
      const bucket = buckets.get(Bucket);
      if (bucket.settings.publicAccess.blockPublicPolicy && isPublic(PolicyDocument)) {
        const message = `The policy of ${Bucket} admits everybody, which its BlockPublicPolicy setting prevents: let PublicAccessBlockConfiguration turn BlockPublicPolicy and RestrictPublicBuckets off.`;
        throw new AwsError('AccessDenied', message, 403);
      }
      const physicalId = `${request.stackName}-${request.logicalId}`;
      database.transaction(() => {
        clear(physicalId, Bucket);
        buckets.set(Bucket, { policy: PolicyDocument });
        save.run(physicalId, Bucket);
      });
      return { physicalId, attributes: { Id: physicalId } };
    },
    async remove(physicalId) {
      database.transaction(() => {
        clear(physicalId);
        forget.run(physicalId);
      });
    },
  };
}

function attributesOf(name: string, arn: string, { region, endpointUrl }: Kernel): Record<string, string> {
  return {
    Arn: arn,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    WebsiteURL: `${endpointUrl}/${name}`,
  };
}

/** A statement that lets everybody in, whatever the circumstances. */
function isPublic(document: unknown): boolean {
  const statements = [(document as { Statement?: unknown } | null)?.Statement ?? []].flat() as Record<string, unknown>[];
  return statements.some(({ Effect, Principal, Condition }) => {
    const everybody = Principal === '*' || [(Principal as { AWS?: unknown } | undefined)?.AWS].flat().includes('*');
    return Effect === 'Allow' && everybody && Condition === undefined;
  });
}
