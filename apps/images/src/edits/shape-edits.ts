import * as z from 'zod/mini';
import { colour, flag, integer, number, wholeNumber } from './arguments.ts';

/** The longest side that a file format can say. What a result may have is a matter of `transform/limits.ts`. */
const longest = 65_535;

// Absent and null are the same: the side follows from the other.
const side = z.optional(z.nullable(wholeNumber(1, longest)));

const gravity = ['center', 'centre', 'north', 'east', 'south', 'west', 'northeast', 'southeast', 'southwest', 'northwest'] as const;
const place = ['top', 'right', 'bottom', 'left', 'right top', 'right bottom', 'left bottom', 'left top'] as const;

const resize = z.strictObject({
  width: side,
  height: side,
  /** Both sides by this factor. An addition of AWS's solution to sharp's options. */
  ratio: z.optional(number(0.001, 100)),
  fit: z.optional(z.enum(['cover', 'contain', 'fill', 'inside', 'outside'])),
  position: z.optional(z.union([z.enum([...gravity, ...place, 'entropy', 'attention']), integer(0, 8), z.literal([16, 17])])),
  /** What stays in sight when both sides are cut to: parts of the width and of the height, from the top left. An addition to sharp's options. */
  focal: z.optional(z.tuple([number(0, 1), number(0, 1)])),
  background: z.optional(colour),
  kernel: z.optional(z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'])),
  withoutEnlargement: z.optional(z.boolean()),
  withoutReduction: z.optional(z.boolean()),
  fastShrinkOnLoad: z.optional(z.boolean()),
});

const offset = wholeNumber(0, longest);
const length = wholeNumber(1, longest);
const area = z.strictObject({ left: offset, top: offset, width: length, height: length });

const margin = z.optional(integer(0, longest));

const factor = number(-100, 100);
const matrix = z.union([z.tuple([factor, factor, factor, factor]), z.tuple([z.tuple([factor, factor]), z.tuple([factor, factor])])]);

/** Edits that move pixels. Each is an option object, or a number, of sharp's function of that name. */
export const shapeEdits = {
  resize,
  extract: area,
  crop: area,
  // Degrees, clockwise. `null` asks for a picture without metadata, as in AWS's solution.
  rotate: z.nullable(number(-3600, 3600)),
  extend: z.union([
    integer(1, longest),
    z.strictObject({
      top: margin,
      bottom: margin,
      left: margin,
      right: margin,
      background: z.optional(colour),
      extendWith: z.optional(z.enum(['background', 'copy', 'repeat', 'mirror'])),
    }),
  ]),
  trim: z.union([
    flag,
    z.strictObject({
      background: z.optional(colour),
      threshold: z.optional(number(0, 255)),
      lineArt: z.optional(z.boolean()),
      margin: z.optional(integer(0, longest)),
    }),
  ]),
  affine: z.pipe(
    matrix,
    z.transform((rows: z.output<typeof matrix>, context) => {
      const [a, b, c, d] = rows.flat() as [number, number, number, number];
      // A picture without an area cannot be computed.
      if (Math.abs(a * d - b * c) < 1e-6) context.issues.push({ code: 'custom', message: 'has no inverse', input: rows });
      return [a, b, c, d] as const;
    }),
  ),
};

export type Resize = z.output<typeof resize>;
export type Area = z.output<typeof area>;
