import * as z from 'zod/mini';
import { colour, flag, integer, number } from './arguments.ts';

// What each may say is what sharp's function of that name takes as its first argument. Bounds are those of sharp unless work grows with the number: then they are ours.
// https://sharp.pixelplumbing.com/api-operation

/** Channels. `joinChannel` and `boolean` are not here: they take a second picture, which sharp reads from wherever it is told to. */
const channels = {
  removeAlpha: flag,
  ensureAlpha: z.union([flag, number(0, 1)]),
  extractChannel: z.union([z.literal([0, 1, 2, 3]), z.enum(['red', 'green', 'blue', 'alpha'])]),
  bandbool: z.enum(['and', 'or', 'eor']),
};

const colours = {
  tint: colour,
  greyscale: flag,
  pipelineColourspace: z.enum(['srgb', 'rgb16', 'scrgb', 'lab']),
  toColourspace: z.enum(['srgb', 'rgb16', 'b-w', 'grey16', 'cmyk']),
};

const effect = number(0, 1_000_000);
const factor = number(0, 1000);

const sharpen = z.union([
  flag,
  // A plain number was sharp's older way to say it, and is how Thumbor's filter arrives.
  z.pipe(
    number(0.01, 10),
    z.transform((sigma: number) => ({ sigma })),
  ),
  z.strictObject({
    sigma: number(0.01, 10),
    m1: z.optional(effect),
    m2: z.optional(effect),
    x1: z.optional(effect),
    y2: z.optional(effect),
    y3: z.optional(effect),
  }),
]);

const side = integer(3, 15);
const convolve = z
  .strictObject({
    width: side,
    height: side,
    kernel: z.array(number(-10_000, 10_000)).check(z.maxLength(225)),
    scale: z.optional(integer(1, 1_000_000)),
    offset: z.optional(integer(-10_000, 10_000)),
  })
  .check(z.refine(({ width, height, kernel }) => kernel.length === width * height));

const row3 = z.tuple([effectOrNegative(), effectOrNegative(), effectOrNegative()]);
const row4 = z.tuple([effectOrNegative(), effectOrNegative(), effectOrNegative(), effectOrNegative()]);

const operations = {
  flip: flag,
  flop: flag,
  sharpen,
  median: z.union([flag, integer(1, 15)]),
  blur: z.union([
    flag,
    number(0.3, 50),
    z.strictObject({
      sigma: number(0.3, 50),
      precision: z.optional(z.enum(['integer', 'float', 'approximate'])),
      minAmplitude: z.optional(number(0.01, 1)),
    }),
  ]),
  flatten: z.union([flag, z.strictObject({ background: z.optional(colour) })]),
  unflatten: flag,
  gamma: z.union([flag, number(1, 3)]),
  negate: z.union([flag, z.strictObject({ alpha: z.optional(z.boolean()) })]),
  normalise: z.union([
    flag,
    z
      .strictObject({ lower: z.optional(number(0, 99)), upper: z.optional(number(1, 100)) })
      .check(z.refine(({ lower = 1, upper = 99 }) => lower < upper)),
  ]),
  clahe: z.strictObject({ width: integer(1, 256), height: integer(1, 256), maxSlope: z.optional(integer(0, 100)) }),
  convolve,
  threshold: z.union([flag, integer(0, 255)]),
  linear: number(-1000, 1000),
  recomb: z.union([z.tuple([row3, row3, row3]), z.tuple([row4, row4, row4, row4])]),
  modulate: z.strictObject({
    brightness: z.optional(factor),
    saturation: z.optional(factor),
    hue: z.optional(integer(-3600, 3600)),
    lightness: z.optional(number(-1000, 1000)),
  }),
};

/** Edits that change what pixels look like, and not where they are. */
export const pixelEdits = { ...channels, ...colours, ...operations };

function effectOrNegative() {
  return number(-1000, 1000);
}
