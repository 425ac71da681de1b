import { originOf } from '../configuration/mapping-of.ts';
import type { Configuration } from '../configuration/define-configuration.ts';
import type { Edits } from '../edits/edits.ts';
import { ImageError } from '../image-error.ts';

/** The bucket of a request: one of those that are allowed; the first of them when it names none. */
export function allowedBucket(asked: string | undefined, allowed: readonly [string, ...string[]]): string {
  if (asked === undefined) return allowed[0];
  if (allowed.includes(asked)) return asked;
  throw new ImageError('ImageBucket::CannotAccessBucket', 'This bucket is not one of those that pictures are served from.');
}

/** What is laid over a picture comes from the same buckets, or from an origin that is configured. */
export function checkOverlays(
  { overlayWith = [] }: Edits,
  { buckets, configuration }: { readonly buckets: readonly [string, ...string[]]; readonly configuration?: Configuration | undefined },
): void {
  for (const { place } of overlayWith) {
    if (place.url === undefined) allowedBucket(place.bucket, buckets);
    else if (!configuration || !originOf(configuration, place.url))
      throw new ImageError('ImageBucket::CannotAccessBucket', 'What is laid over is at no origin that pictures come from.');
  }
}
