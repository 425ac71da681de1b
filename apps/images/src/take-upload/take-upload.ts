import type { Image } from '@larder/contracts/common';
import { sha256 } from '@larder/service/digest';
import { Unprocessable } from '@larder/service/errors';
import type { Cause } from '@larder/service/invocation';
import type { NewObject } from '@larder/service/on-bucket-change';
import { ImageError } from '../image-error.ts';
import type { Size } from '../transform/limits.ts';
import type { Picture } from '../transform/transform.ts';

/** What was sent with a form. */
export interface Upload {
  readonly key: string;
  readonly etag: string;
  /** None of what is larger than a picture may be. */
  readonly bytes: Uint8Array | undefined;
}

/** A word on the bus: the same `id` and `time` however often it is said. */
export interface News<Data> {
  readonly id: string;
  readonly time: Date;
  readonly data: Data;
  readonly cause: Cause;
}

interface Pictured {
  readonly collection: string;
  readonly subject: string;
}

export interface TakeUploadDeps {
  /** Undefined when it is gone. */
  read(key: string): Promise<Upload | undefined>;
  /** @throws {ImageError} */
  remake(bytes: Uint8Array): Promise<Picture>;
  keep(key: string, picture: Picture): Promise<void>;
  addressOf(key: string, size: Size): Promise<Image>;
  sayAdded(news: News<Pictured & { readonly key: string; readonly image: Image }>): Promise<void>;
  sayRefused(news: News<Pictured & { readonly code: string; readonly message: string }>): Promise<void>;
  /** Deletes it, unless it has become another meanwhile. */
  forget(upload: Upload): Promise<void>;
}

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp', gif: 'gif', avif: 'avif', tiff: 'tif' } as const;

/**
 * Takes what was uploaded: looks at it, makes it anew, puts it where pictures are served from, and says so. The upload is deleted last. It is the outbox: as long as it is there, what was
 * not done is done again, with the same result under the same name (docs/decisions/0014-uploads.md).
 *
 * @throws {Unprocessable} for a key that no form was given out for.
 */
export const takeUpload =
  (deps: TakeUploadDeps) =>
  async ({ key, time, cause }: NewObject): Promise<void> => {
    const pictured = toPictured(key);
    const upload = await deps.read(key);
    if (!upload) return;
    const news = { id: digest(key + upload.etag), time, cause };
    try {
      const picture = await deps.remake(bytesOf(upload));
      const name = `${pictured.collection}/${pictured.subject}/${digest(picture.bytes)}.${extensions[picture.format]}`;
      await deps.keep(name, picture);
      await deps.sayAdded({ ...news, data: { ...pictured, key: name, image: await deps.addressOf(name, picture) } });
    } catch (error) {
      // What is our fault, or passes, is tried again.
      if (!(error instanceof ImageError) || error.status >= 500) throw error;
      await deps.sayRefused({ ...news, data: { ...pictured, code: error.code, message: error.message } });
    }
    await deps.forget(upload);
  };

function toPictured(key: string): Pictured {
  const [collection, subject, id, ...more] = key.split('/');
  if (!collection || !subject || !id || more.length > 0) throw new Unprocessable('No form was given out for this key');
  return { collection, subject };
}

function bytesOf({ bytes }: Upload): Uint8Array {
  if (bytes) return bytes;
  throw new ImageError('TooLargeImageException', 'The file is larger than a picture may be.');
}

/** Enough of a digest to name something by. */
function digest(data: string | Uint8Array): string {
  return sha256(data).slice(0, 32);
}
