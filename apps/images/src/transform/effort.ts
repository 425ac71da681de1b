import type { Format } from '../edits/formats.ts';
import { tooLarge } from './limits.ts';

/** Up to how many pixels an effort is made. Measured on noise, the worst there is, so that no encoder is busy for more than some seconds: they cannot be stopped. */
const bounds: { readonly [Name in Format]?: readonly (readonly [pixels: number, effort: number])[] } = {
  avif: [
    [500_000, 4],
    [2_000_000, 3],
    [4_000_000, 2],
    [Number.POSITIVE_INFINITY, 1],
  ],
  // Of a palette. The other kind of PNG has no effort.
  png: [
    [2_000_000, 7],
    [4_000_000, 5],
    [Number.POSITIVE_INFINITY, 3],
  ],
  gif: [
    [2_000_000, 7],
    [Number.POSITIVE_INFINITY, 4],
  ],
};

const usual: { readonly [Name in Format]?: number } = { avif: 2, png: 7, gif: 7 };

/** Of an AVIF without loss, which takes long at any effort. */
const losslessPixels = 8_000_000;

/**
 * Options with as much effort as a picture of this size can have.
 *
 * @throws {ImageError} `TooLargeImageException` for an AVIF without loss that no effort is small enough for.
 */
export function withEffort(format: Format, options: Readonly<Record<string, unknown>>, pixels: number): Readonly<Record<string, unknown>> {
  if (format === 'avif' && options.lossless === true && pixels > losslessPixels)
    throw tooLarge(`A lossless AVIF may have ${losslessPixels} pixels: ask for a smaller one, or for WebP or PNG.`);
  const bound = bounds[format]?.find(([upTo]) => pixels <= upTo)?.[1];
  // To mention an effort makes sharp write a PNG with a palette.
  if (bound === undefined || (format === 'png' && !hasPalette(options))) return options;
  return { ...options, effort: Math.min(bound, typeof options.effort === 'number' ? options.effort : (usual[format] ?? bound)) };
}

/** When sharp writes one. https://sharp.pixelplumbing.com/api-output#png */
function hasPalette({ palette, quality, effort, colours, colors, dither }: Readonly<Record<string, unknown>>): boolean {
  return (palette ?? [quality, effort, colours, colors, dither].some((option) => option !== undefined)) === true;
}
