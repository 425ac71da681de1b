import * as z from 'zod/mini';

/** Amount in minor units (cents) of an ISO 4217 currency. */
export const money = z.object({
  amount: z.int().check(z.nonnegative()),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Money = z.output<typeof money>;

/** Identifiers: 1 to 64 characters, safe in a path and a key. */
export const id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));

/** An instant: RFC 3339 in UTC. */
export const instant = z.iso.datetime();

/** So many of one product. */
export const line = z.object({ productId: id, quantity: z.int().check(z.gte(1), z.lte(1000)) });
export type Line = z.output<typeof line>;

/** The lines of an order: at most 20, so that one transaction can hold them all with their records. */
export const lines = z.array(line).check(z.minLength(1), z.maxLength(20));

/** A page size read from a query string: 1 to 100, 20 when absent. */
export const limit = z._default(z.pipe(z.string().check(z.regex(/^([1-9]\d?|100)$/)), z.transform(Number)), 20);

/** What a caller names a request by: 1 to 64 printable characters without spaces. */
export const idempotencyKey = z.string().check(z.regex(/^[\x21-\x7e]{1,64}$/));

/** An opaque place in a list, as the page before it gave it. */
export const cursor = z.string().check(z.minLength(1), z.maxLength(1024));

/** What an order asked for and could not have. */
export const shortages = z
  .array(z.object({ productId: id, requested: z.int().check(z.gte(1)), available: z.int().check(z.nonnegative()) }))
  .check(z.minLength(1), z.maxLength(20));
export type Shortage = z.output<typeof shortages>[number];

const side = z.int().check(z.gte(1), z.lte(65_535));

/** A picture as pages show it: its address, and the size in pixels that it has there. */
export const image = z.object({ url: z.url().check(z.maxLength(2048)), width: side, height: side });
export type Image = z.output<typeof image>;

/** What a picture is of: one thing of a collection, as `products` and the id of a product. */
export const pictured = { collection: id, subject: id };

/** A page for people: its HTML, and the policy (`Content-Security-Policy`) under which a browser runs what stands in it and nothing else. */
export const page = z.object({ html: z.string(), policy: z.string() });
export type Page = z.output<typeof page>;
