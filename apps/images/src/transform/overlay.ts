import type { OverlayOptions } from 'sharp';
import type { Overlay } from '../edits/special-edits.ts';
import { ImageError } from '../image-error.ts';
import { running, sharp } from './libvips.ts';
import { checkInput, type Limits, type Size } from './limits.ts';
import { inspect, open } from './source.ts';

export interface Base extends Size {
  readonly animated: boolean;
}

/**
 * Makes an overlay ready to be laid over a picture: its size, how much shines through, and where it goes.
 *
 * @throws {ImageError} `OverlayImageException` when it cannot be read, `BadRequest` when it is larger than the picture.
 */
export async function toComposite(
  overlay: Overlay,
  bytes: Uint8Array,
  base: Base,
  { limits, seconds }: { limits: Limits; seconds: number },
) {
  const { data, info } = await prepare(overlay, bytes, base, { limits, seconds });
  if (info.width > base.width || info.height > base.height)
    throw new ImageError('BadRequest', 'Image to overlay must have same dimensions or smaller');
  const { left, top, ...options } = overlay.options ?? {};
  const place =
    left === undefined || top === undefined
      ? {}
      : { left: offsetOf(left, base.width, info.width), top: offsetOf(top, base.height, info.height) };
  const composite: OverlayOptions = { ...options, ...place, input: data };
  return base.animated ? onEveryFrame(composite, base) : composite;
}

/** Where an overlay begins: hundredths end with p, and below zero it is counted from the far side. */
export function offsetOf(offset: number | string, picture: number, overlay: number): number {
  const value = Number.parseInt(String(offset), 10);
  if (typeof offset === 'number') return value < 0 ? picture + value - overlay : value;
  const part = (picture * value) / 100;
  return Math.floor(value < 0 ? picture + part - overlay : part);
}

async function prepare(
  { wRatio, hRatio, alpha = 0 }: Overlay,
  bytes: Uint8Array,
  base: Base,
  { limits, seconds }: { limits: Limits; seconds: number },
) {
  const side = (ratio: number | undefined, whole: number) =>
    ratio === undefined ? undefined : Math.max(1, Math.floor((whole * ratio) / 100));
  try {
    const wanted = { width: side(wRatio, base.width), height: side(hRatio, base.height) };
    const source = await inspect(bytes, { limits, seconds, wanted });
    checkInput(source, 1, limits);
    const pipeline = open(source, { animated: false, limits }).timeout({ seconds });
    if (wRatio !== undefined || hRatio !== undefined) pipeline.resize({ fit: 'inside', ...wanted });
    if (alpha > 0) pipeline.composite([{ ...onePixel(255 * (1 - alpha / 100)), tile: true, blend: 'dest-in' }]);
    return await running(() => pipeline.tiff({ compression: 'none' }).toBuffer({ resolveWithObject: true }));
  } catch (error) {
    if (!(error instanceof ImageError) || error.status >= 500 || error.code === 'TooLargeImageException') throw error;
    throw new ImageError('OverlayImageException', 'The overlay image could not be applied: it is no picture that can be read.', {
      cause: error,
    });
  }
}

/** libvips keeps the frames of an animation one below the other: a sheet of the size of a frame, repeated, lies over each of them. */
async function onEveryFrame({ blend, ...overlay }: OverlayOptions, { width, height }: Size): Promise<OverlayOptions> {
  const sheet = sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).composite([overlay]);
  const input = await running(() => sheet.tiff({ compression: 'none' }).toBuffer());
  return { input, blend, tile: true, gravity: 'northwest' };
}

function onePixel(alpha: number): OverlayOptions {
  return { input: Buffer.from([255, 255, 255, Math.round(alpha)]), raw: { width: 1, height: 1, channels: 4 } };
}
