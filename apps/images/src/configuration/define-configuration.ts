import * as z from 'zod/mini';
import { parseEdits } from '../edits/edits.ts';
import { type Rewrite, toRewrite } from '../request/rewrite.ts';
import { toEdits } from './transformations.ts';

const name = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,99}$/));

const text = z.string().check(z.minLength(1), z.maxLength(1024));

/** A web site by HTTPS and by its name; an address in figures is none. A path at its end comes before the one that is asked for. */
const webUrl = z.url({ protocol: /^https$/, hostname: /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i });

const origin = z.union([
  z.strictObject({
    url: webUrl,
    /** That every request has. Nothing secret: this stands in code. */
    headers: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/)), text)),
  }),
  /** One of the buckets that pictures are served from, the first when it has no name; a path comes before the one that is asked for. */
  z.strictObject({ bucket: z.optional(text), path: z.optional(text) }),
]);

const mapping = z.union([
  /** `images.example.com`, or `*.example.com` for all below it. */
  z.strictObject({ host: text, origin: name, policy: z.optional(name) }),
  /** `/shop/*`: what begins so. */
  z.strictObject({ path: z.string().check(z.regex(/^\/.*/)), origin: name, policy: z.optional(name) }),
]);

const scalar = z.union([z.string(), z.number()]);
const condition = z.strictObject({
  /** What is known of who asks; each may begin with `dit-`, as in AWS's solution. */
  field: z.string().check(z.regex(/^(dit-)?(accept|host|dpr|viewport-width)$/)),
  value: z.union([scalar, z.array(scalar)]),
});

const quality = z.int().check(z.gte(1), z.lte(100));
const output = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('format'), value: z.string() }),
  /** One for all, and others from a DPR on and below another one. */
  z.strictObject({
    type: z.literal('quality'),
    value: z.tuple([quality], z.tuple([z.number(), z.number(), quality])),
  }),
  /** Widths: the first that is more than the viewport's is made. */
  z.strictObject({ type: z.literal('autosize'), value: z.array(z.int().check(z.gte(1), z.lte(4096))).check(z.minLength(1)) }),
]);

const policy = z.strictObject({
  /** As JSON requests have them. */
  edits: z.optional(z.record(z.string(), z.unknown())),
  /** As the second generation of AWS's solution has them, ten at most. */
  transformations: z.optional(
    z.array(z.strictObject({ transformation: z.string(), value: z.unknown(), condition: z.optional(condition) })).check(z.maxLength(10)),
  ),
  outputs: z.optional(z.array(output)),
});

const shape = z.strictObject({
  rewrite: z.optional(z.strictObject({ pattern: text, substitution: z.string() })),
  origins: z.optional(z.record(name, origin)),
  mappings: z.optional(z.array(mapping)),
  policies: z.optional(z.record(name, policy)),
  /** Of requests that a mapping answers which has none of its own. */
  defaultPolicy: z.optional(name),
});

export type Origin = z.output<typeof origin>;
export type WebOrigin = Extract<Origin, { url: string }>;
export type Mapping = z.output<typeof mapping>;
export type Policy = z.output<typeof policy>;

/** Where pictures come from besides the buckets, and what is made of them without being asked for in full. */
export interface Configuration {
  readonly rewrite?: Rewrite | undefined;
  readonly origins: ReadonlyMap<string, Origin>;
  readonly mappings: readonly Mapping[];
  readonly policies: ReadonlyMap<string, Policy>;
  readonly defaultPolicy?: string | undefined;
}

/**
 * Checks a configuration as it is written, so that a mistake is found when the function starts and not when somebody asks.
 *
 * @throws {Error} with what is wrong, and where.
 */
export function defineConfiguration(written: z.input<typeof shape>): Configuration {
  const { rewrite, origins = {}, mappings = [], policies = {}, defaultPolicy } = z.parse(shape, written);
  const has = (known: object, asked: string | undefined, what: string) => {
    if (asked !== undefined && !Object.hasOwn(known, asked)) throw new Error(`The configuration has no ${what} “${asked}”.`);
  };
  for (const { origin: from, policy: through } of mappings) {
    has(origins, from, 'origin');
    has(policies, through, 'policy');
  }
  has(policies, defaultPolicy, 'policy');
  for (const [called, { edits = {}, transformations = [] }] of Object.entries(policies)) {
    try {
      parseEdits({ ...edits, ...toEdits(transformations).edits });
    } catch (cause) {
      throw new Error(`The policy “${called}” cannot be used. ${cause instanceof Error ? cause.message : ''}`, { cause });
    }
  }
  return {
    rewrite: rewrite && toRewrite(rewrite),
    origins: new Map(Object.entries(origins)),
    mappings,
    policies: new Map(Object.entries(policies)),
    defaultPolicy,
  };
}
