import * as z from 'zod/mini';

const name = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/));
/** A field of an event, and of what stands in it: `total.amount`. */
const field = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*$/));
const milliseconds = z.int().check(z.gte(1000), z.lte(24 * 60 * 60 * 1000));
const positive = z.number().check(z.positive());
/** So many different things are told apart; what is compared by rank needs no more. */
const mostDifferent = 1000;

/** Events of some types, of which everything holds that is said of their fields. A field that is not there fulfils nothing. */
const matching = z.strictObject({
  types: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
  where: z.optional(
    z.array(
      z.strictObject({
        field,
        oneOf: z.optional(z.array(z.union([z.string(), z.number(), z.boolean()])).check(z.minLength(1))),
        atLeast: z.optional(z.number()),
        atMost: z.optional(z.number()),
      }),
    ),
  ),
});

/** What is measured: how many events, the sum of a field, or how many different values it has. */
const measure = z.union([z.literal('events'), z.strictObject({ sum: field }), z.strictObject({ different: field })]);
const additive = z.union([z.literal('events'), z.strictObject({ sum: field })]);

const condition = z.discriminatedUnion('kind', [
  /** So much in a window. */
  z.strictObject({ kind: z.literal('threshold'), of: matching, measure, atLeast: positive }),
  /** So much in a window, and from the first to the last of it so much a minute: what a person does not do, however long. */
  z.strictObject({ kind: z.literal('velocity'), of: matching, measure, atLeast: positive, perMinute: positive }),
  /** One after the other in a window, with whatever in between. */
  z.strictObject({ kind: z.literal('sequence'), steps: z.array(matching).check(z.minLength(2), z.maxLength(10)) }),
  /** So much in a window, and nothing that answers it after the last of it: until so long after the window. */
  z.strictObject({ kind: z.literal('absence'), after: matching, measure, atLeast: positive, without: matching, forMs: milliseconds }),
  /** Below or above so many times what the windows before had on average, when that was at least `usual`. */
  z.strictObject({
    kind: z.literal('ratio'),
    of: matching,
    measure: additive,
    windows: z.int().check(z.gte(1), z.lte(100)),
    usual: positive,
    below: z.optional(positive),
    above: z.optional(positive),
  }),
]);

/** What to look for, as data: a rule can stand in a file, and be tried on history before it goes live. All lengths in milliseconds. */
export const rule = z.strictObject({
  id: name,
  /** One more with every change: alerts name it, and what was gathered under another one is not counted. */
  version: z.int().check(z.gte(1)),
  description: z.string().check(z.minLength(1), z.maxLength(500)),
  severity: z.enum(['info', 'warning', 'critical']),
  /** What is counted apart: by one or more fields; by none, everything together. Events without one of them are left out. */
  key: z.array(field).check(z.maxLength(4)),
  /** Sessions are no windows here: they end with silence, which is late for an alert. */
  window: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('tumbling'), size: milliseconds }),
    z.strictObject({ kind: z.literal('sliding'), size: milliseconds, every: milliseconds }),
  ]),
  condition,
  /** So long after an alert a key has no other of this rule. */
  coolDownMs: milliseconds,
  /** Events that an alert names. */
  evidence: z.int().check(z.gte(0), z.lte(50)),
});

export type Rule = z.output<typeof rule>;
export type Condition = Rule['condition'];
export type Matching = z.output<typeof matching>;
export type Measure = z.output<typeof measure>;

/** Why something is no rule. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

/** How often a rule is judged, and how long its pieces of a window are. */
export function stepOf({ window }: Rule): number {
  return window.kind === 'sliding' ? window.every : window.size;
}

/** @throws {RuleError} with everything that is wrong. */
export function readRule(value: unknown): Rule {
  const read = z.safeParse(rule, value);
  if (!read.success) throw new RuleError(`This is no rule:\n${z.prettifyError(read.error)}`);
  const problem = problemOf(read.data);
  if (problem !== undefined) throw new RuleError(`The rule ${read.data.id} cannot work: ${problem}`);
  return read.data;
}

/** What the schema cannot say. */
function problemOf(read: Rule): string | undefined {
  const { condition: judged, window, coolDownMs } = read;
  const step = stepOf(read);
  if (window.size % step !== 0) return 'window.size is no multiple of window.every';
  if (window.size / step > 360) return 'a window has at most 360 steps; slide less often';
  if (coolDownMs < step) return 'coolDownMs is shorter than a step of the window';
  if (judged.kind === 'absence' && judged.forMs % step !== 0) return 'condition.forMs is no multiple of a step of the window';
  if (judged.kind === 'ratio' && (judged.below === undefined) === (judged.above === undefined)) return 'a ratio is below or above';
  if ('measure' in judged && typeof judged.measure === 'object' && 'different' in judged.measure) {
    if ('atLeast' in judged && judged.atLeast > mostDifferent) return `no more than ${mostDifferent} different values are told apart`;
  }
  return undefined;
}
