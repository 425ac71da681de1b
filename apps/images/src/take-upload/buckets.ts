import { s3 } from '@larder/service/aws/s3';
import { AwsFailure } from '@larder/service/errors';
import { defaultLimits } from '../transform/limits.ts';
import type { Picture } from '../transform/transform.ts';
import { settings } from './settings.ts';
import type { Upload } from './take-upload.ts';

export async function readUpload(key: string): Promise<Upload | undefined> {
  const place = { Bucket: settings.UPLOADS_BUCKET, Key: key };
  try {
    const { ETag: etag = '', ContentLength = 0 } = await s3.headObject(place);
    if (ContentLength > defaultLimits.sourceBytes) return { key, etag, bytes: undefined };
    const { Body } = await s3.getObject({ ...place, IfMatch: etag });
    return { key, etag, bytes: await Body?.transformToByteArray() };
  } catch (error) {
    if (error instanceof AwsFailure && error.status === 404) return undefined;
    throw error;
  }
}

/** Under a name that says what it is: it never changes, and whoever has it need not ask again. */
export async function keepPicture(key: string, { bytes, contentType }: Picture): Promise<void> {
  const CacheControl = 'public, max-age=31536000, immutable';
  await s3.putObject({ Bucket: settings.PICTURES_BUCKET, Key: key, Body: bytes, ContentType: contentType, CacheControl });
}

/** A form can be sent twice within its minutes: what came meanwhile has a notice of its own, and stays. */
export async function forgetUpload({ key, etag }: Upload): Promise<void> {
  try {
    await s3.deleteObject({ Bucket: settings.UPLOADS_BUCKET, Key: key, IfMatch: etag });
  } catch (error) {
    if (!(error instanceof AwsFailure && (error.status === 412 || error.status === 404))) throw error;
  }
}
