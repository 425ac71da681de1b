import * as z from 'zod/mini';
import type { Place } from '../request/place.ts';
import { flag, integer, number } from './arguments.ts';

/** How many pictures may be laid over one. AWS's solution takes one; a list is an addition. */
export const mostOverlays = 4;

/** Hundredths. What is none of 0 to 100 is taken as not said, as AWS's solution does. */
const percent = z.pipe(
  z.union([z.number(), z.string().check(z.maxLength(10))]),
  z.transform((value: number | string) => (/^(100|[1-9]?\d)$/.test(String(value)) ? Number(value) : undefined)),
);

/** Pixels, or hundredths of the picture: `10`, `"10"`, `"10p"`. Below zero it counts from the far side. */
const offset = z.pipe(
  z.union([integer(-65_535, 65_535), z.string().check(z.regex(/^-?\d{1,5}p?$/))]),
  z.transform((value: number | string) => (/p$/.test(String(value)) ? String(value).replace(/^(-?)0+(?=\d)/, '$1') : Number(value))),
);

const blend = z.enum([
  ...(['clear', 'source', 'over', 'in', 'out', 'atop', 'dest', 'dest-over', 'dest-in', 'dest-out', 'dest-atop', 'xor', 'add'] as const),
  ...(['saturate', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'colour-dodge', 'color-dodge', 'colour-burn'] as const),
  ...(['color-burn', 'hard-light', 'soft-light', 'difference', 'exclusion'] as const),
]);

const gravity = ['center', 'centre', 'north', 'east', 'south', 'west', 'northeast', 'southeast', 'southwest', 'northwest'] as const;

const overlayShape = z.strictObject({
  bucket: z.optional(z.string().check(z.minLength(1), z.maxLength(63))),
  key: z.optional(z.string().check(z.minLength(1), z.maxLength(1024))),
  /** In place of bucket and key; of an origin that is configured, which is checked with the buckets. */
  url: z.optional(z.url({ protocol: /^https$/ }).check(z.maxLength(2048))),
  wRatio: z.optional(percent),
  hRatio: z.optional(percent),
  /** 0 is opaque, 100 invisible. */
  alpha: z.optional(percent),
  options: z.optional(
    z
      .strictObject({
        left: z.optional(offset),
        top: z.optional(offset),
        gravity: z.optional(z.union([integer(0, 8), z.enum(gravity)])),
        blend: z.optional(blend),
        tile: z.optional(z.boolean()),
      })
      .check(z.refine(({ left, top }) => (left === undefined) === (top === undefined))),
  ),
});

const overlay = z.pipe(
  overlayShape,
  z.transform(({ bucket, key, url, ...written }, context): Overlay => {
    const place = toPlace(bucket, key, url);
    if (place) return { ...written, place };
    context.issues.push({ code: 'custom', message: 'needs a bucket and a key', input: written });
    return z.NEVER;
  }),
);

const optional = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));

// Of a circle: the middle of the picture, and the largest in it.
const extent = optional(number(0, 65_535));

/** `true` has no options, and an option that is null or 0 is as good as not said: one picture is asked for in one way. */
function said<Options extends object>(given: Options | boolean): { readonly [Name in keyof Options]?: NonNullable<Options[Name]> } | false {
  if (typeof given === 'boolean') return given && {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as { [Name in keyof Options]?: NonNullable<Options[Name]> };
}

/** Edits that sharp does not have: another picture is needed, or somebody who looks at this one. */
export const specialEdits = {
  overlayWith: z.pipe(
    z.union([overlay, z.array(overlay).check(z.minLength(1), z.maxLength(mostOverlays))]),
    z.transform((given: Overlay | Overlay[]): readonly Overlay[] => (Array.isArray(given) ? given : [given])),
  ),
  smartCrop: z.pipe(
    z.union([flag, z.strictObject({ faceIndex: optional(integer(0, 99)), padding: optional(integer(-65_535, 65_535)) })]),
    z.transform(said),
  ),
  roundCrop: z.pipe(z.union([flag, z.strictObject({ rx: extent, ry: extent, top: extent, left: extent })]), z.transform(said)),
  contentModeration: z.union([
    flag,
    z.strictObject({
      minConfidence: z.optional(number(0, 100)),
      blur: z.optional(number(0, 50)),
      moderationLabels: z.optional(z.array(z.string().check(z.maxLength(100))).check(z.maxLength(100))),
    }),
  ]),
  animated: z.boolean(),
};

/** Another picture, and how it is laid over. */
export interface Overlay extends Omit<z.output<typeof overlayShape>, 'bucket' | 'key' | 'url'> {
  readonly place: Place;
}
export type RoundCrop = z.output<typeof specialEdits.roundCrop>;
export type SmartCrop = z.output<typeof specialEdits.smartCrop>;
export type ContentModeration = z.output<typeof specialEdits.contentModeration>;

function toPlace(bucket: string | undefined, key: string | undefined, url: string | undefined): Place | undefined {
  if (url !== undefined) return bucket === undefined && key === undefined ? { url: new URL(url).href } : undefined;
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}
