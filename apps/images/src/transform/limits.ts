import { ImageError } from '../image-error.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What one request may cost. Whatever goes beyond is answered with 413, or 503 when it is time. */
export interface Limits {
  readonly sourceBytes: number;
  /** An SVG is a program: what it costs to draw does not show in its size. */
  readonly svgBytes: number;
  /** Of the source, over all the frames that are decoded. */
  readonly inputPixels: number;
  /** That are decoded: each costs something, however small it is. */
  readonly frames: number;
  /** Of one frame of the result. */
  readonly outputPixels: number;
  readonly outputSide: number;
  /** Over all frames of the result. */
  readonly framesPixels: number;
  /** How long it may take. */
  readonly seconds: number;
}

export const defaultLimits: Limits = {
  sourceBytes: 40 * 1024 * 1024,
  svgBytes: 256 * 1024,
  inputPixels: 50_000_000,
  frames: 1000,
  outputPixels: 4096 * 4096,
  outputSide: 4096,
  framesPixels: 50_000_000,
  seconds: 10,
};

/** @throws {ImageError} `TooLargeImageException`. */
export function checkInput({ width, height }: Size, frames: number, { inputPixels, frames: most }: Limits): void {
  if (frames > most) throw tooLarge(`The animation has more than ${most} frames: ask for animated=false.`);
  if (width * height * frames > inputPixels) throw tooLarge(`The picture has more than ${inputPixels} pixels (over all of its frames).`);
}

/** @throws {ImageError} `TooLargeImageException`. */
export function checkOutput({ width, height }: Size, frames: number, { outputPixels, outputSide, framesPixels }: Limits): void {
  if (width > outputSide || height > outputSide || width * height > outputPixels)
    throw tooLarge(`The result would have a side of more than ${outputSide}, or more than ${outputPixels} pixels: ask for a smaller one.`);
  if (width * height * frames > framesPixels)
    throw tooLarge(`The result would have more than ${framesPixels} pixels over all of its frames: ask for a smaller one.`);
}

export function tooLarge(message: string): ImageError {
  return new ImageError('TooLargeImageException', message);
}
