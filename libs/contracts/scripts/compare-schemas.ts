import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from './json-schema.ts';

/**
 * What a consumer does with the data: it `reads` an answer, it `writes` a request. `both` is for events: a consumer that was deployed
 * before the change reads what is published after it, and one deployed after reads what waits in queues and archives from before.
 */
export type Direction = 'reads' | 'writes' | 'both';

export interface Difference {
  /** JSON Pointer into the data. */
  readonly pointer: string;
  readonly message: string;
}

/** `narrower`: less is allowed than before, which breaks who writes. `wider`: more is, which breaks who reads. `other`: breaks both. */
type Effect = 'narrower' | 'wider' | 'other';

interface Change extends Difference {
  readonly effect: Effect;
}

/** What breaks a consumer when one schema becomes another. Additions that nobody has to know pass. */
export function breakingDifferences(before: JsonSchema, after: JsonSchema, direction: Direction): Difference[] {
  const harmless: Effect | undefined = { reads: 'narrower', writes: 'wider', both: undefined }[direction] as Effect | undefined;
  return changes(before, after, '').flatMap(({ effect, ...difference }) => (effect === harmless ? [] : [difference]));
}

const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const looked = new Set(['properties', 'required', 'items', 'enum', ...lowerBounds, ...upperBounds]);
const words = new Set(['description', 'title', 'default', 'example', 'examples']);

function changes(before: JsonSchema, after: JsonSchema, pointer: string): Change[] {
  return [
    ...ofBounds(before, after, pointer),
    ...ofEnum(before, after, pointer),
    ...ofProperties(before, after, pointer),
    ...(before.items && after.items ? changes(before.items, after.items, `${pointer}/*`) : []),
    ...ofTheRest(before, after, pointer),
  ];
}

function ofBounds(before: JsonSchema, after: JsonSchema, pointer: string): Change[] {
  return [...lowerBounds, ...upperBounds].flatMap((keyword) => {
    const none = lowerBounds.includes(keyword) ? -Infinity : Infinity;
    const [old, now] = [before, after].map((schema) => (schema[keyword] as number | undefined) ?? none) as [number, number];
    if (old === now) return [];
    const effect = now > old === lowerBounds.includes(keyword) ? 'narrower' : 'wider';
    return [{ pointer, effect, message: `${keyword} was ${before[keyword] ?? 'absent'} and is ${after[keyword] ?? 'absent'}` }];
  });
}

function ofEnum(before: JsonSchema, after: JsonSchema, pointer: string): Change[] {
  if (!before.enum || !after.enum) {
    if (before.enum) return [{ pointer, effect: 'wider', message: 'takes any value now, and took only some' }];
    return after.enum ? [{ pointer, effect: 'narrower', message: 'takes only some values now' }] : [];
  }
  const { enum: old } = before;
  const { enum: now } = after;
  return [
    ...old
      .filter((value) => !now.includes(value))
      .map((value): Change => ({ pointer, effect: 'narrower', message: `${String(value)} is no value any more` })),
    ...now
      .filter((value) => !old.includes(value))
      .map((value): Change => ({ pointer, effect: 'wider', message: `${String(value)} is a new value` })),
  ];
}

function ofProperties(before: JsonSchema, after: JsonSchema, pointer: string): Change[] {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const isRequired = (schema: JsonSchema, name: string) => schema.required?.includes(name) ?? false;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name): Change[] => {
    const at = `${pointer}/${name}`;
    const [was, is] = [old[name], now[name]];
    if (!is) return [{ pointer: at, effect: 'other', message: 'is gone' }];
    if (!was) return isRequired(after, name) ? [{ pointer: at, effect: 'narrower', message: 'is new and required' }] : [];
    const nested = changes(was, is, at);
    if (isRequired(before, name) === isRequired(after, name)) return nested;
    return isRequired(after, name)
      ? [{ pointer: at, effect: 'narrower', message: 'was optional and is required' }, ...nested]
      : [{ pointer: at, effect: 'wider', message: 'was required and is optional' }, ...nested];
  });
}

/** Type, pattern, format, combinations: there is no telling which way they changed. */
function ofTheRest(before: JsonSchema, after: JsonSchema, pointer: string): Change[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keywords].flatMap((keyword): Change[] => {
    if (looked.has(keyword) || words.has(keyword) || isDeepStrictEqual(before[keyword], after[keyword])) return [];
    const [old, now] = [before, after].map((schema) => JSON.stringify(schema[keyword]) ?? 'absent');
    return [{ pointer, effect: 'other', message: `${keyword} was ${old} and is ${now}` }];
  });
}
