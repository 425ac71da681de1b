import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPost } from '@aws-sdk/s3-presigned-post';
import { lazily, settings as clientSettings } from '@larder/service/aws/call';
import { ulid } from '@larder/service/ulid';
import { defaultLimits } from '../transform/limits.ts';
import { settings } from './settings.ts';

const client = /* @__PURE__ */ lazily(() => new S3Client(clientSettings()));

/** A form that puts one picture of this type into the bucket, within five minutes and no larger than what is served. */
export function toUploadForm(contentType: string): Promise<PresignedPost> {
  return createPresignedPost(client(), {
    Bucket: settings.PICTURES_BUCKET,
    Key: `uploads/${ulid()}`,
    Fields: { 'Content-Type': contentType },
    Conditions: [['content-length-range', 1, defaultLimits.sourceBytes]],
    Expires: 300,
  });
}

/** Where forms are sent: the page may speak to nobody else. */
export async function uploadOrigin(): Promise<string> {
  return new URL((await toUploadForm('image/png')).url).origin;
}
