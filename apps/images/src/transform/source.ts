import type { Metadata } from 'sharp';
import type { Format } from '../edits/formats.ts';
import { ImageError } from '../image-error.ts';
import { drawSvg, type Wanted } from './draw-svg.ts';
import { running, sharp, type Sharp } from './libvips.ts';
import { type Limits, type Size, tooLarge } from './limits.ts';

/** What a picture says of itself. Nothing of it was decoded yet. */
export interface Source extends Size {
  readonly bytes: Uint8Array;
  readonly format: Format | 'svg';
  /** Frames of an animation, pages of a document. */
  readonly frames: number;
  readonly hasAlpha: boolean;
  /** Milliseconds by frame, and how often it plays (0: for ever), of an animation. */
  readonly delay?: number[] | undefined;
  readonly loop?: number | undefined;
}

/**
 * Looks at a picture's header. `width` and `height` are those that people see: turned as the camera was held. An SVG is drawn at once, in the size that is wanted.
 *
 * @throws {ImageError} `InstantiationError` when it is none that is served, `TooLargeImageException`, `TimeoutException`.
 */
export async function inspect(
  bytes: Uint8Array,
  { limits, seconds, wanted }: { limits: Limits; seconds: number; wanted?: Wanted | undefined },
): Promise<Source> {
  if (bytes.byteLength > limits.sourceBytes) throw tooLarge(`The picture has more than ${limits.sourceBytes} bytes.`);
  // A packed SVG would be unpacked before anybody knows how large it is.
  if (bytes.byteLength === 0 || (bytes[0] === 0x1f && bytes[1] === 0x8b)) throw notServed();
  if (!isText(bytes)) return header(bytes);
  if (bytes.byteLength > limits.svgBytes) throw tooLarge(`The SVG has more than ${limits.svgBytes} bytes.`);
  return { ...(await header(await drawSvg(bytes, { wanted, limits, seconds }))), format: 'svg' };
}

/** Begins to work on it: turned as the camera was held, all frames or the first. */
export function open({ bytes }: Source, { animated, limits }: { animated: boolean; limits: Limits }): Sharp {
  return sharp(bytes, { autoOrient: true, failOn: 'error', pages: animated ? -1 : 1, limitInputPixels: limits.inputPixels });
}

async function header(bytes: Uint8Array): Promise<Source> {
  const metadata = await running(() => sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata());
  const format = formatOf(metadata);
  const { autoOrient, pages = 1, hasAlpha, delay, loop } = metadata;
  const moves = pages > 1 && (format === 'gif' || format === 'webp');
  return { bytes, format, ...autoOrient, frames: pages, hasAlpha, ...(moves && { delay: delay?.map(writable), loop: writable(loop) }) };
}

/** A number as sharp writes it into an animation; a file may claim any. */
function writable(value = 0): number {
  return Math.min(65_535, Math.max(0, value));
}

/** Begins as XML does, within more bytes than libvips looks at. All other formats begin with bytes that are no text. */
function isText(bytes: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*</.test(Buffer.from(bytes.subarray(0, 4096)).toString('latin1'));
}

function formatOf({ format, compression }: Metadata): Format {
  switch (format) {
    case 'jpeg':
    case 'png':
    case 'webp':
    case 'gif':
    case 'tiff':
      return format;
    case 'heif':
      if (compression === 'av1') return 'avif';
      throw notServed('HEIC needs a decoder that sharp does not come with: keep it as JPEG or AVIF.');
    default:
      throw notServed();
  }
}

function notServed(why = 'It must be a JPEG, PNG, WebP, GIF, AVIF, TIFF or SVG.'): ImageError {
  return new ImageError('InstantiationError', `The picture could not be read. ${why}`);
}
