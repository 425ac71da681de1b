import { BlockList, isIP } from 'node:net';
import { type Context, fillIn } from './context.ts';
import { arnWildcard, wildcard } from './wildcard.ts';

/** Tells whether the condition of a statement holds for a request. */
export type Condition = (context: Context) => boolean;

/** Compares one value of the request with one value of the policy. */
type Comparison = (expected: string) => (actual: string) => boolean;

/**
 * Compiles the `Condition` of a statement: every operator and every key in it has to hold.
 *
 * @throws {TypeError} for an operator that IAM does not have.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function compileCondition(condition: unknown): Condition | undefined {
  if (condition === undefined) return undefined;
  const checks: Condition[] = [];
  for (const [name, keys] of Object.entries(record(condition, 'Condition'))) {
    for (const [key, values] of Object.entries(record(keys, `Condition.${name}`))) checks.push(compileKey(name, key, list(values)));
  }
  return (context) => checks.every((check) => check(context));
}

function compileKey(name: string, key: string, expected: readonly string[]): Condition {
  const [, quantifier, operator = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  if (operator === 'Null') {
    const absent = expected.map((value) => value.toLowerCase() === 'true');
    return (context) => absent.includes(context.get(key) === undefined);
  }
  const negated = NEGATIONS.get(operator);
  const compare = COMPARISONS.get(negated ?? operator);
  if (!compare) throw new TypeError(`'${name}' is no condition operator of IAM`);
  const any = expectation(expected, compare);
  const holds = (value: string, context: Context): boolean => any(value, context) !== (negated !== undefined);

  if (quantifier === 'ForAllValues') return (context) => (context.get(key) ?? []).every((value) => holds(value, context));
  if (quantifier === 'ForAnyValue') return (context) => (context.get(key) ?? []).some((value) => holds(value, context));
  return (context) => {
    const actual = context.get(key);
    if (actual === undefined) return ifExists !== undefined || negated !== undefined;
    return negated === undefined ? actual.some((value) => any(value, context)) : actual.every((value) => holds(value, context));
  };
}

/** One of the policy's values suffices. Those without `${…}` are compiled once. */
function expectation(expected: readonly string[], compare: Comparison): (actual: string, context: Context) => boolean {
  const fixed = expected.filter((value) => !value.includes('${')).map(compare);
  const variable = expected.filter((value) => value.includes('${'));
  return (actual, context) =>
    fixed.some((matches) => matches(actual)) ||
    variable.some((value) => {
      const filled = fillIn(value, context);
      return filled !== undefined && compare(filled)(actual);
    });
}

const number =
  (test: (actual: number, expected: number) => boolean): Comparison =>
  (expected) =>
  (actual) =>
    actual !== '' && test(Number(actual), Number(expected));
const date =
  (test: (actual: number, expected: number) => boolean): Comparison =>
  (expected) =>
  (actual) =>
    test(instant(actual), instant(expected));
const same =
  (form: (value: string) => string): Comparison =>
  (expected) => {
    const formed = form(expected);
    return (actual) => form(actual) === formed;
  };

const COMPARISONS = new Map<string, Comparison>([
  ['StringEquals', same((value) => value)],
  ['StringEqualsIgnoreCase', same((value) => value.toLowerCase())],
  ['StringLike', wildcard],
  ['ArnEquals', arnWildcard],
  ['ArnLike', arnWildcard],
  ['Bool', same((value) => value.toLowerCase())],
  ['BinaryEquals', same((value) => value)],
  ['NumericEquals', number((actual, expected) => actual === expected)],
  ['NumericLessThan', number((actual, expected) => actual < expected)],
  ['NumericLessThanEquals', number((actual, expected) => actual <= expected)],
  ['NumericGreaterThan', number((actual, expected) => actual > expected)],
  ['NumericGreaterThanEquals', number((actual, expected) => actual >= expected)],
  ['DateEquals', date((actual, expected) => actual === expected)],
  ['DateLessThan', date((actual, expected) => actual < expected)],
  ['DateLessThanEquals', date((actual, expected) => actual <= expected)],
  ['DateGreaterThan', date((actual, expected) => actual > expected)],
  ['DateGreaterThanEquals', date((actual, expected) => actual >= expected)],
  ['IpAddress', network],
]);

/** Negated operators hold when none of the policy's values matches, and when the request has no such key. */
const NEGATIONS = new Map([
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['ArnNotEquals', 'ArnEquals'],
  ['ArnNotLike', 'ArnLike'],
  ['NumericNotEquals', 'NumericEquals'],
  ['DateNotEquals', 'DateEquals'],
  ['NotIpAddress', 'IpAddress'],
]);

/** Milliseconds since 1970 of an ISO 8601 date or of seconds since 1970. */
function instant(value: string): number {
  return /^\d+(\.\d+)?$/.test(value) && value.length > 4 ? Number(value) * 1000 : Date.parse(value);
}

function network(cidr: string): (address: string) => boolean {
  const [address = '', bits] = cidr.split('/');
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > width) return () => false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, prefix, family);
  return (actual) => isIP(actual) === version && block.check(actual, family);
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${where} must be an object`);
  return value as Record<string, unknown>;
}

/** Policies write one value or several, and booleans and numbers with or without quotes. */
function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
