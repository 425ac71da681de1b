import sharp, { type Sharp } from 'sharp';
import { ImageError, type ImageErrorCode } from '../image-error.ts';

const tooSlow = 'Image processing timed out.';

// Decoders are what attacks on image services aim at: those for formats that are not served are switched off, whatever this libvips was built with.
// https://sharp.pixelplumbing.com/api-utility#block
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff', 'Svg'].map((format) => `VipsForeignLoad${format}`),
});
// Hardly a picture is computed twice: what libvips would remember of the last ones is memory that the next one lacks.
sharp.cache(false);

/** sharp, with no decoder but those for the formats that are served. */
export { sharp };
export type { Sharp };

/**
 * Runs a pipeline, and says what went wrong in terms of the one who asked. Nearly all that fails in libvips is the picture's fault or that of the edits.
 *
 * @throws {ImageError}
 */
export async function running<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toImageError(error);
  }
}

/** libvips has no codes: what went wrong is recognised by its words, the first that are found. */
const known: readonly (readonly [RegExp, ImageErrorCode, message: string])[] = [
  [/^timeout:/m, 'TimeoutException', tooSlow],
  // Not "Memory allocation error": so a HEIF is called whose boxes claim more than they may.
  [/out of memory|could not allocate|unable to create thread/i, 'ProcessingFailure', 'Image processing failed.'],
  [/bad extract area/, 'Crop::AreaOutOfBounds', 'The area to crop exceeds the boundaries of the picture.'],
  [/same dimensions or smaller/, 'BadRequest', 'Image to overlay must have same dimensions or smaller'],
  [/multi-page/, 'BadRequest', 'One of the edits cannot be made to an animation: ask for animated=false.'],
  [
    /window too large|must be VIPS_FORMAT|Cannot extract channel/,
    'BadRequest',
    'One of the edits cannot be made to this picture: it is too small, or has other channels.',
  ],
  [/^Expected|Unable to parse color/, 'BadRequest', 'One of the edits has a value that is not allowed.'],
  [/^/, 'InstantiationError', 'The picture could not be read, or not be edited in this way.'],
];

function toImageError(error: unknown): unknown {
  if (error instanceof ImageError || !(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError)
    return error;
  const [, code, message] = known.find(([pattern]) => pattern.test(error.message)) ?? [];
  return code && message ? new ImageError(code, message, { cause: error }) : error;
}

export function timedOut(cause?: unknown): ImageError {
  return new ImageError('TimeoutException', tooSlow, { cause });
}
