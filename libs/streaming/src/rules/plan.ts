import { type Matching, type Measure, type Rule, stepOf } from './rule.ts';

/** An event as rules see it: whatever fields it has. */
export interface WatchedEvent {
  readonly id: string;
  readonly type: string;
}

/** A rule made ready. */
export interface Plan {
  readonly rule: Rule;
  /** `card-testing@1` */
  readonly name: string;
  readonly step: number;
  /** What happened so long before the end of a step still counts. */
  readonly reach: number;
  /** Types of events that it looks at. */
  readonly types: ReadonlySet<string>;
  /** Different values that are told apart. */
  readonly mostDifferent: number;
  /** Events of a step that are kept as evidence. */
  readonly evidenceOfStep: number;
  /** What an event is for the rule, a bit for each: of an absence 1 is what has to be answered and 2 what answers, of a sequence each bit is a step. 0: nothing. */
  roleOf(event: WatchedEvent): number;
  /** Undefined when it lacks a field of the key. */
  keyOf(event: WatchedEvent): string | undefined;
  /** What it adds to a sum; of anything else 1. */
  amountOf(event: WatchedEvent): number;
  /** What is told apart. */
  valueOf(event: WatchedEvent): unknown;
}

export function planOf(rule: Rule): Plan {
  const { condition, window, evidence } = rule;
  const step = stepOf(rule);
  const matchings = matchingsOf(rule);
  const tests = matchings.map(testOf);
  const measured: Measure = condition.kind === 'sequence' ? 'events' : condition.measure;
  const sum = typeof measured === 'object' && 'sum' in measured ? fieldOf(measured.sum) : undefined;
  const different = typeof measured === 'object' && 'different' in measured ? fieldOf(measured.different) : undefined;
  return {
    rule,
    step,
    name: `${rule.id}@${rule.version}`,
    reach: window.size + moreReach(rule),
    types: new Set(matchings.flatMap(({ types }) => types)),
    mostDifferent: different && 'atLeast' in condition ? Math.ceil(condition.atLeast) : 0,
    evidenceOfStep: evidence === 0 ? 0 : Math.ceil(evidence / (window.size / step)),
    roleOf: (event) => tests.reduce((role, holds, place) => (holds(event) ? role | (1 << place) : role), 0),
    keyOf: toKey(rule.key),
    amountOf: sum ? (event) => Number(sum(event)) || 0 : () => 1,
    valueOf: different ?? (() => undefined),
  };
}

/** The values of a key, by field. */
export function fieldsOfKey({ key }: Rule, text: string): Record<string, string> {
  const values = key.length < 2 ? [text] : (JSON.parse(text) as string[]);
  return Object.fromEntries(key.map((field, place) => [field, values[place] ?? '']));
}

function matchingsOf({ condition }: Rule): readonly Matching[] {
  if (condition.kind === 'sequence') return condition.steps;
  return condition.kind === 'absence' ? [condition.after, condition.without] : [condition.of];
}

function moreReach({ condition, window }: Rule): number {
  if (condition.kind === 'absence') return condition.forMs;
  return condition.kind === 'ratio' ? condition.windows * window.size : 0;
}

function testOf({ types, where = [] }: Matching): (event: WatchedEvent) => boolean {
  const known = new Set(types);
  const tests = where.map(({ field, oneOf, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }) => {
    const value = fieldOf(field);
    const values = oneOf && new Set<unknown>(oneOf);
    const bounded = atLeast !== Number.NEGATIVE_INFINITY || atMost !== Number.POSITIVE_INFINITY;
    return (event: WatchedEvent) => {
      const found = value(event);
      if (found === undefined || (values && !values.has(found))) return false;
      return !bounded || (typeof found === 'number' && found >= atLeast && found <= atMost);
    };
  });
  return (event) => known.has(event.type) && tests.every((holds) => holds(event));
}

function fieldOf(path: string): (event: WatchedEvent) => unknown {
  const names = path.split('.');
  const inside = (value: unknown, at: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, at) ? (value as Record<string, unknown>)[at] : undefined;
  const [only] = names;
  return names.length === 1 ? (event) => inside(event, only as string) : (event) => names.reduce<unknown>(inside, event);
}

function toKey(key: readonly string[]): (event: WatchedEvent) => string | undefined {
  const fields = key.map(fieldOf);
  const [first] = fields;
  if (!first) return () => '';
  const textOf = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : String(value));
  if (fields.length === 1) return (event) => textOf(first(event));
  return (event) => {
    const texts = fields.map((field) => textOf(field(event)));
    return texts.includes(undefined) ? undefined : JSON.stringify(texts);
  };
}
