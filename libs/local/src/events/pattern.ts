import { invalidPattern, isRecord, leafMatcher, operatorNames, type ValueMatcher } from './pattern-operators.ts';

/** Whether an event matches. */
export type EventMatcher = (event: Readonly<Record<string, unknown>>) => boolean;

/** Matches part of an event; `root` is the event itself. An absent part is undefined. */
type Matcher = (part: unknown, root: unknown) => boolean;

const defaultLength = 2048;

/**
 * Compiles an event pattern (JSON text, or the object that it stands for) to a function.
 *
 * Fields are joined by "and", the values of a field by "or", `$or` joins objects by "or". An array in the event matches when one of
 * its elements does, and an array of objects when one of them matches the whole nested pattern.
 *
 * @param maximumLength in characters: rules have fewer than filters of event source mappings.
 * @throws {AwsError} `InvalidEventPatternException`, whose message says what is wrong.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: string | Readonly<Record<string, unknown>>, maximumLength = defaultLength): EventMatcher {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (text.length > maximumLength)
    throw invalidPattern(`Event pattern must have at most ${maximumLength} characters, and has ${text.length}`);
  const matcher = compileObject(parse(text), []);
  return (event) => matcher(event, event);
}

/**
 * Whether an event matches a pattern. Compile a pattern that is used more than once.
 *
 * @throws {AwsError} `InvalidEventPatternException`.
 */
export function matches(pattern: string | Readonly<Record<string, unknown>>, event: Readonly<Record<string, unknown>>): boolean {
  return compilePattern(pattern)(event);
}

/** The values of a top-level field when the pattern asks for exact strings and nothing else: what a rule can be indexed by. */
export function exactStrings(pattern: string, field: string): readonly string[] | undefined {
  const values = parse(pattern)[field];
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : undefined;
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidPattern(`Filter is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw invalidPattern('Filter is not an object');
  return value;
}

function compileObject(pattern: Record<string, unknown>, path: readonly string[]): Matcher {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalidPattern('Empty objects are not allowed');
  const matchers = fields.map(([name, value]) => (isOr(name, value) ? compileOr(value, path) : compileField(name, value, path)));
  const matchOne: Matcher = (part, root) => matchers.every((matcher) => matcher(part, root));
  return (part, root) => {
    if (!Array.isArray(part) || part.length === 0) return matchOne(isRecord(part) ? part : undefined, root);
    return part.some((element) => matchOne(isRecord(element) ? element : undefined, root));
  };
}

/** `$or` with fewer than two objects, or with operators in them, is the name of a field, as it was before `$or` came. */
function isOr(name: string, value: unknown): value is Record<string, unknown>[] {
  return (
    name === '$or' &&
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((branch) => isRecord(branch) && !Object.keys(branch).some((key) => operatorNames.has(key)))
  );
}

function compileOr(branches: Record<string, unknown>[], path: readonly string[]): Matcher {
  const matchers = branches.map((branch) => compileObject(branch, path));
  return (part, root) => matchers.some((matcher) => matcher(part, root));
}

function compileField(name: string, value: unknown, path: readonly string[]): Matcher {
  const fieldPath = [...path, name];
  const inner = isRecord(value) ? compileObject(value, fieldPath) : compileLeaf(name, value, fieldPath);
  return (part, root) => inner(isRecord(part) && Object.hasOwn(part, name) ? part[name] : undefined, root);
}

function compileLeaf(name: string, values: unknown, path: readonly string[]): Matcher {
  if (!Array.isArray(values)) throw invalidPattern(`"${name}" must be an object or an array`);
  if (values.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const found: ValueMatcher[] = [];
  let mayBeAbsent = false;
  for (const value of values) {
    const matcher = leafMatcher(value);
    if (matcher === 'absent') mayBeAbsent = true;
    else found.push(matcher);
  }
  const matchesValue = (value: unknown): boolean => found.some((matcher) => matcher(value));
  return (part, root) => anyLeaf(part, matchesValue) || (mayBeAbsent && !hasLeaf(root, path, 0));
}

/** Whether a scalar, or a scalar element of an array, is as wanted. Objects are no leaves. */
function anyLeaf(part: unknown, wanted: (value: unknown) => boolean): boolean {
  if (part === undefined) return false;
  if (Array.isArray(part)) return part.some((element) => anyLeaf(element, wanted));
  return !isRecord(part) && wanted(part);
}

/** `exists: false` looks at the whole event: no element of any array on the way may have the field. */
function hasLeaf(part: unknown, path: readonly string[], depth: number): boolean {
  const name = path[depth];
  if (name === undefined) return anyLeaf(part, () => true);
  if (Array.isArray(part)) return part.some((element) => hasLeaf(element, path, depth));
  return isRecord(part) && Object.hasOwn(part, name) && hasLeaf(part[name], path, depth + 1);
}
