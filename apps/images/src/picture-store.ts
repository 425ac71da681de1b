import { isPassing } from '@larder/service/aws/failure';
import { lazily } from '@larder/service/aws/call';
import { s3 } from '@larder/service/aws/s3';
import { AwsFailure } from '@larder/service/errors';
import { log } from '@larder/service/log';
import { configuration } from './configuration.ts';
import { formats } from './edits/formats.ts';
import { ImageError } from './image-error.ts';
import type { Source } from './serve-image/serve-image.ts';
import type { Place } from './request/place.ts';
import { pictureFetcher } from './origins/fetch-picture.ts';
import { folderOf } from './result-name.ts';
import { settings } from './settings.ts';
import { defaultLimits, tooLarge } from './transform/limits.ts';
import type { Made } from './transform/transform.ts';

const contentTypes = [...formats.map((format) => `image/${format}` as const), 'application/json'] as const;

/** Pictures in S3, and what was made of them. */
export async function findSource(place: Place): Promise<Source> {
  if (place.url !== undefined) return fromWeb(place.url);
  const head = await readable(s3.headObject(toObject(place)));
  return {
    etag: head.ETag ?? '',
    bytes: head.ContentLength ?? 0,
    cacheControl: head.CacheControl,
    lastModified: head.LastModified,
  };
}

export async function readSource(place: Place, { etag, bytes, content }: Source): Promise<Uint8Array> {
  if (content) return content;
  if (bytes > defaultLimits.sourceBytes) throw tooLarge(`The picture has more than ${defaultLimits.sourceBytes} bytes.`);
  // Who replaces it meanwhile makes another picture of it: the next request finds that one.
  const { Body } = await readable(s3.getObject({ ...toObject(place), IfMatch: etag }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** A picture that is laid over another. */
export const readOverlay = async (place: Place): Promise<Uint8Array> => readSource(place, await findSource(place));

export async function findResult(place: Place, name: string): Promise<Made | undefined> {
  try {
    const { Body, ContentType } = await s3.getObject({ Bucket: settings.RESULTS_BUCKET, Key: folderOf(place) + name });
    const contentType = contentTypes.find((known) => known === ContentType);
    if (!Body || !contentType) return undefined;
    return { bytes: await Body.transformToByteArray(), contentType };
  } catch (error) {
    if (error instanceof AwsFailure && error.status === 404) return undefined;
    // It can be computed again: a store that does not answer is no reason not to.
    log.warn('A result could not be looked up', {}, error);
    return undefined;
  }
}

export async function keepResult(place: Place, name: string, { bytes, contentType }: Made): Promise<void> {
  const kept = { Bucket: settings.RESULTS_BUCKET, Key: folderOf(place) + name, ContentType: contentType };
  try {
    await s3.putObject({ ...kept, Body: bytes, IfNoneMatch: '*' });
  } catch (error) {
    const wasThere = error instanceof AwsFailure && (error.status === 412 || error.status === 409);
    if (!wasThere) log.warn('A result could not be kept, and will be computed again', {}, error);
  }
}

/** @throws {ImageError} what S3 said, in this service's words. */
async function readable<Output>(reading: Promise<Output>): Promise<Output> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.awsCode === 'NoSuchBucket')
      throw new ImageError('ImageBucket::CannotFindBucket', 'There is no such bucket.', { cause: error });
    if (error.status === 404) throw new ImageError('NoSuchKey', 'There is no such picture.', { cause: error });
    if (error.status === 403) throw new ImageError('ImageBucket::CannotAccessBucket', 'The bucket may not be read.', { cause: error });
    // It was replaced between two looks: the next one finds the new one.
    if (error.status === 412 || isPassing(error))
      throw new ImageError('TimeoutException', 'The picture could not be read in time.', { cause: error });
    throw new ImageError('ImageRetrieval::CannotRetrieveImage', 'The picture could not be read.', { cause: error });
  }
}

function toObject(place: Place): { Bucket: string; Key: string } {
  if (place.url !== undefined) throw new TypeError('What is on the web is no object');
  return { Bucket: place.bucket, Key: place.key };
}

const fetchPicture = /* @__PURE__ */ lazily(() => pictureFetcher({ configuration }));

async function fromWeb(url: string): Promise<Source> {
  const { bytes, ...known } = await fetchPicture()(url);
  return { ...known, bytes: bytes.byteLength, content: bytes };
}
