import { AwsError } from '../kernel/aws-error.ts';
import { cidrMatcher } from './cidr.ts';
import { wildcardMatcher } from './wildcard.ts';

/** Matches a scalar of an event: a string, a number, a boolean or null. */
export type ValueMatcher = (value: unknown) => boolean;

export const operatorNames: ReadonlySet<string> = new Set([
  'exists',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'cidr',
  'wildcard',
]);

/** The largest number that patterns compare, either way: milliseconds since 1970 are beyond it. */
const numericLimit = 5e9;

/**
 * What one value of a field's list in a pattern matches; `'absent'` stands for `{"exists": false}`, which no value matches.
 *
 * @throws {AwsError} `InvalidEventPatternException`.
 */
export function leafMatcher(value: unknown): ValueMatcher | 'absent' {
  if (!isRecord(value)) {
    if (Array.isArray(value)) throw invalidPattern('Match value must be String, number, true, false, or null');
    return (candidate) => candidate === value;
  }
  const [operator, operand] = onlyEntry(value, 'Only one key allowed in match expression');
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') throw invalidPattern('exists match pattern must be either true or false.');
      return operand ? () => true : 'absent';
    case 'numeric':
      return numericMatcher(operand);
    case 'cidr':
      return cidrMatcher(operand);
    case 'anything-but':
      return anythingBut(operand);
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      return textMatcher(operator, operand);
    default:
      throw invalidPattern(`Unrecognized match type ${operator}`);
  }
}

export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textMatcher(operator: string, operand: unknown): ValueMatcher {
  if (isRecord(operand) && (operator === 'prefix' || operator === 'suffix')) {
    const [inner, text] = onlyEntry(operand, `${operator} takes one key`);
    if (inner !== 'equals-ignore-case' || typeof text !== 'string')
      throw invalidPattern(`${operator} match pattern must be a string or equals-ignore-case`);
    const folded = text.toLowerCase();
    return operator === 'prefix'
      ? (value) => typeof value === 'string' && value.toLowerCase().startsWith(folded)
      : (value) => typeof value === 'string' && value.toLowerCase().endsWith(folded);
  }
  if (typeof operand !== 'string') throw invalidPattern(`${operator} match pattern must be a string`);
  if (operator === 'prefix') return (value) => typeof value === 'string' && value.startsWith(operand);
  if (operator === 'suffix') return (value) => typeof value === 'string' && value.endsWith(operand);
  if (operator === 'wildcard') return wildcardMatcher(operand);
  const folded = operand.toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === folded;
}

/** Any value except; the field has to be there, and a value of another type is something else. */
function anythingBut(operand: unknown): ValueMatcher {
  if (isRecord(operand)) {
    const [operator, texts] = onlyEntry(operand, 'anything-but takes one key');
    if (!['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(operator))
      throw invalidPattern(`Unsupported anything-but pattern: ${operator}`);
    const list: unknown[] = Array.isArray(texts) ? texts : [texts];
    if (list.length === 0) throw invalidPattern('Empty arrays are not allowed');
    if (list.includes('')) throw invalidPattern('Null prefix/suffix/wildcard not allowed');
    const refused = list.map((text) => textMatcher(operator, text));
    return (value) => !refused.some((matcher) => matcher(value));
  }
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const allOf = (type: string): boolean => list.every((item) => typeof item === type);
  if (!allOf('string') && !allOf('number'))
    throw invalidPattern('Inside anything but list, either all values are number or string, mixed type is not supported');
  const refused = new Set(list);
  return (value) => !refused.has(value);
}

function numericMatcher(operand: unknown): ValueMatcher {
  if (!Array.isArray(operand) || operand.length === 0) throw invalidPattern('Value of numeric must be an array.');
  const comparisons: [string, number][] = [];
  for (let index = 0; index < operand.length; index += 2) comparisons.push(comparison(operand[index], operand[index + 1]));
  const [first, second, more] = comparisons as [[string, number], [string, number]?, unknown?];
  if (more !== undefined || (second && (!first[0].startsWith('>') || !second[0].startsWith('<'))))
    throw invalidPattern('Too many elements in numeric expression');
  if (second && first[1] >= second[1]) throw invalidPattern('Bottom must be less than top');
  const comparable = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= numericLimit;
  return (value) => comparable(value) && comparisons.every(([operator, bound]) => holds(value, operator, bound));
}

function comparison(operator: unknown, bound: unknown): [string, number] {
  if (typeof operator !== 'string' || !['=', '<', '<=', '>', '>='].includes(operator))
    throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)}`);
  if (typeof bound !== 'number') throw invalidPattern('Value of numeric comparison must be a number');
  if (Math.abs(bound) > numericLimit) throw invalidPattern('Value must be between -5.0E9 and 5.0E9, inclusive');
  return [operator, bound];
}

function holds(value: number, operator: string, bound: number): boolean {
  if (operator === '=') return value === bound;
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  return operator === '>' ? value > bound : value >= bound;
}

function onlyEntry(record: Record<string, unknown>, otherwise: string): [string, unknown] {
  const [entry, ...more] = Object.entries(record);
  if (!entry || more.length > 0) throw invalidPattern(otherwise);
  return entry;
}
