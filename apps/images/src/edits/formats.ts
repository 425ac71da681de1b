import * as z from 'zod/mini';
import { ImageError } from '../image-error.ts';
import { flag, integer, number } from './arguments.ts';

export const formats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const;

/** A format that pictures are served in. */
export type Format = (typeof formats)[number];

const quality = z.optional(integer(1, 100));
const on = z.optional(flag);
const colours = z.optional(integer(2, 256));
const dither = z.optional(number(0, 1));
/** `false`: these options are for the case that this format is asked for; they do not ask for it. */
const force = on;

/**
 * What more effort saves in bytes is little, what it costs is minutes, and no decoder or encoder of this kind can be stopped in the middle:
 * an effort above the bound is taken as the bound.
 */
const effort = (min: number, max: number, bound: number) =>
  z.optional(
    z.pipe(
      integer(min, max),
      z.transform((value: number) => Math.min(value, bound)),
    ),
  );

const av1 = {
  quality,
  lossless: on,
  effort: effort(0, 9, 4),
  chromaSubsampling: z.optional(z.enum(['4:2:0', '4:4:4'])),
};

/** Options of sharp's output functions. https://sharp.pixelplumbing.com/api-output */
export const formatOptions = {
  jpeg: z.strictObject({
    quality,
    progressive: on,
    chromaSubsampling: z.optional(z.enum(['4:2:0', '4:4:4'])),
    optimiseCoding: on,
    optimizeCoding: on,
    mozjpeg: on,
    trellisQuantisation: on,
    trellisQuantization: on,
    overshootDeringing: on,
    optimiseScans: on,
    optimizeScans: on,
    quantisationTable: z.optional(integer(0, 8)),
    quantizationTable: z.optional(integer(0, 8)),
    force,
  }),
  png: z.strictObject({
    quality: z.optional(integer(0, 100)),
    progressive: on,
    compressionLevel: z.optional(integer(0, 9)),
    adaptiveFiltering: on,
    palette: on,
    effort: effort(1, 10, 7),
    colours,
    colors: colours,
    dither,
    force,
  }),
  webp: z.strictObject({
    quality,
    alphaQuality: z.optional(integer(0, 100)),
    lossless: on,
    nearLossless: on,
    smartSubsample: on,
    smartDeblock: on,
    preset: z.optional(z.enum(['default', 'photo', 'picture', 'drawing', 'icon', 'text'])),
    effort: effort(0, 6, 6),
    minSize: on,
    mixed: on,
    exact: on,
    loop: z.optional(integer(0, 65_535)),
    force,
  }),
  gif: z.strictObject({
    // Not an option of GIF: sharp overlooks it, and Thumbor's filter says it all the same.
    quality,
    reuse: on,
    progressive: on,
    colours,
    colors: colours,
    effort: effort(1, 10, 7),
    dither,
    interFrameMaxError: z.optional(number(0, 32)),
    interPaletteMaxError: z.optional(number(0, 256)),
    keepDuplicateFrames: on,
    loop: z.optional(integer(0, 65_535)),
    force,
  }),
  avif: z.strictObject({ ...av1, force }),
  tiff: z.strictObject({
    quality,
    compression: z.optional(z.enum(['none', 'jpeg', 'deflate', 'packbits', 'lzw'])),
    predictor: z.optional(z.enum(['none', 'horizontal', 'float'])),
    xres: z.optional(number(0.001, 1_000_000)),
    yres: z.optional(number(0.001, 1_000_000)),
    resolutionUnit: z.optional(z.enum(['inch', 'cm'])),
    force,
  }),
  // AV1 in a HEIF container is AVIF. HEVC needs a licence, and the libvips that comes with sharp does not have it.
  heif: z.strictObject({ ...av1, compression: z.optional(z.literal('av1')), force }),
};

export type FormatOptions = { readonly [Name in Format]?: Omit<z.output<(typeof formatOptions)[Name]>, 'force'> };

const aliases: Readonly<Record<string, Format | 'auto'>> = { jpg: 'jpeg', heif: 'avif', auto: 'auto' };

/**
 * The format that a name stands for; `auto` is the best that the client accepts.
 *
 * @throws {ImageError} `UnsupportedOutputImageFormatException`.
 */
export function toFormat(name: unknown): Format | 'auto' {
  const asked = typeof name === 'string' ? name.toLowerCase() : '';
  const format = formats.find((known) => known === asked) ?? (Object.hasOwn(aliases, asked) ? aliases[asked] : undefined);
  if (format) return format;
  throw new ImageError(
    'UnsupportedOutputImageFormatException',
    `There is no such output format: ask for one of ${formats.join(', ')}, auto or placeholder (neither heic nor raw can be written).`,
  );
}
