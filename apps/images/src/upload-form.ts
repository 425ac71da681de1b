import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPost } from '@aws-sdk/s3-presigned-post';
import { lazily, settings } from '@larder/service/aws/call';
import { defaultLimits } from './transform/limits.ts';

/** How long a form may be sent. */
export const formSeconds = 300;

const client = /* @__PURE__ */ lazily(() => new S3Client(settings()));

/** A form that puts one picture of this type into a bucket under this key: within five minutes, and no larger than what is served. */
export function toUploadForm({ bucket, key, contentType }: { bucket: string; key: string; contentType: string }): Promise<PresignedPost> {
  return createPresignedPost(client(), {
    Bucket: bucket,
    Key: key,
    Fields: { 'Content-Type': contentType },
    Conditions: [['content-length-range', 1, defaultLimits.sourceBytes]],
    Expires: formSeconds,
  });
}
