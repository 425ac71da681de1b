import * as z from 'zod/mini';

/** A number between two others, both included. Neither NaN nor infinite. */
export const number = (min: number, max: number) => z.number().check(z.gte(min), z.lte(max));

export const integer = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));

/** On or off. Off is the same as not being there. */
export const flag = z.boolean();

const hex = /^#([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
const named = /^[a-z]{3,20}$/i;
const computed = /^(rgb|hsl|hwb)a?\([\d\s.,%/-]{5,60}\)$/i;

/** A colour as CSS writes it (`#0a0`, `teal`, `rgb(0, 128, 0)`), or by its channels. */
export const colour = z.union([
  z.string().check(z.refine((text) => hex.test(text) || named.test(text) || computed.test(text))),
  z.strictObject({ r: number(0, 255), g: number(0, 255), b: number(0, 255), alpha: z.optional(number(0, 1)) }),
]);

/** Whole numbers, as numbers or, as URLs carry them, as text. */
export const wholeNumber = (min: number, max: number) =>
  z.pipe(
    z.pipe(
      z.union([z.number(), z.string().check(z.regex(/^-?\d{1,9}(\.\d{1,9})?$/))]),
      z.transform((value: number | string) => Math.round(Number(value))),
    ),
    integer(min, max),
  );
