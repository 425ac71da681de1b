import type { ImageRequest } from '../request/image-request.ts';
import { defaultLimits, type Limits, tooLarge } from '../transform/limits.ts';
import { type Picture, transform } from '../transform/transform.ts';

/** A picture is kept as large as it may be read again. It is made once and nobody waits for it. */
const uploadLimits: Limits = {
  ...defaultLimits,
  outputPixels: defaultLimits.inputPixels,
  outputSide: 16_383,
  framesPixels: defaultLimits.inputPixels,
  seconds: 60,
};

/** Its own format (of an SVG a PNG), at a quality that the pictures made of it can lose something of again. */
const kept: Pick<ImageRequest, 'edits' | 'output'> = {
  edits: {},
  output: {
    options: {
      jpeg: { quality: 92, chromaSubsampling: '4:4:4', mozjpeg: true },
      png: { compressionLevel: 9 },
      webp: { quality: 92 },
      gif: { effort: 7 },
      avif: { quality: 80 },
      tiff: { compression: 'lzw' },
    },
  },
};

/**
 * Makes an uploaded picture anew, pixel by pixel: upright, in sRGB, and without anything else that was in the file, be it where it was taken or what does not belong into a picture.
 *
 * @throws {ImageError} when it is none that is served, or beyond the limits.
 */
export function remake(now: () => Date): (bytes: Uint8Array) => Promise<Picture> {
  const make = transform({ now, overlay: () => Promise.reject(new TypeError('Nothing is laid over')) }, uploadLimits);
  return async (bytes) => {
    const picture = await make(bytes, kept);
    if (picture.bytes.byteLength > uploadLimits.sourceBytes) throw tooLarge('The picture, made anew, would be too large to be served.');
    return picture;
  };
}
