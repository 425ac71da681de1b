import type { Expression, Path } from './dynalite.ts';
import { type AttributeValue, type Item, sameValue } from './item.ts';

/**
 * Whether an item meets a condition or a filter. dynalite parses the expression; it is evaluated here, because dynalite compares
 * lists and maps by identity and strings by UTF-16 units.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function holds(expression: Expression, item: Item): boolean {
  const { type, args } = expression;
  if (type === 'and') return holds(args[0] as Expression, item) && holds(args[1] as Expression, item);
  if (type === 'or') return holds(args[0] as Expression, item) || holds(args[1] as Expression, item);
  if (type === 'not') return !holds(args[0] as Expression, item);
  const [left, ...right] = args.map((arg) => operand(arg, item));
  return type === 'function' ? calls(expression.name!, left, right[0]) : compares(type, left, right);
}

/** The value at a path, if there is one. */
export function valueAt(path: Path, item: Item): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) value = typeof step === 'number' ? value?.L?.[step] : memberOf(value?.M, step);
  return value;
}

/** Attributes may be called `constructor`. */
function memberOf(map: Item | undefined, name: string): AttributeValue | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Orders two values of one type: numbers by value, strings and binary by their bytes; undefined when they have no order. */
export function order(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return orderNumbers(left.N, right.N);
  if (left.S !== undefined && right.S !== undefined) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(bytes(left.B), bytes(right.B));
  return undefined;
}

function operand(arg: Expression | Path | AttributeValue, item: Item): AttributeValue | undefined {
  if (Array.isArray(arg)) return valueAt(arg as Path, item);
  if ((arg as Expression).type === 'function') return size(operand((arg as Expression).args[0]!, item));
  return arg as AttributeValue;
}

function compares(operator: string, left: AttributeValue | undefined, right: (AttributeValue | undefined)[]): boolean {
  const [first, second] = right;
  if (operator === '<>') return !left || !first || !sameValue(left, first);
  if (!left || !first) return false;
  if (operator === '=') return sameValue(left, first);
  if (operator === 'in') return right.some((each) => each !== undefined && sameValue(left, each));
  const result = order(left, first);
  if (result === undefined) return false;
  switch (operator) {
    case '<':
      return result < 0;
    case '<=':
      return result <= 0;
    case '>':
      return result > 0;
    case '>=':
      return result >= 0;
    case 'between':
      return result >= 0 && second !== undefined && (order(left, second) ?? 1) <= 0;
    default:
      throw new Error(`An operator that the parser knows and the evaluator does not: ${operator}`);
  }
}

function calls(name: string, value: AttributeValue | undefined, argument: AttributeValue | undefined): boolean {
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  if (!value || !argument) return false;
  if (name === 'attribute_type') return argument.S !== undefined && argument.S in value;
  if (name === 'contains') return contains(value, argument);
  if (value.S !== undefined && argument.S !== undefined) return value.S.startsWith(argument.S);
  if (value.B === undefined || argument.B === undefined) return false;
  return bytes(value.B).subarray(0, bytes(argument.B).length).equals(bytes(argument.B));
}

function contains(value: AttributeValue, sought: AttributeValue): boolean {
  if (value.L) return value.L.some((each) => sameValue(each, sought));
  if (sought.S !== undefined) return value.S?.includes(sought.S) ?? value.SS?.includes(sought.S) ?? false;
  if (sought.N !== undefined) return value.NS?.includes(sought.N) ?? false;
  if (sought.B === undefined) return false;
  return value.B !== undefined ? bytes(value.B).includes(bytes(sought.B)) : (value.BS?.includes(sought.B) ?? false);
}

function size(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!value) return undefined;
  const elements = value.L ?? value.SS ?? value.NS ?? value.BS;
  const length =
    value.S?.length ??
    elements?.length ??
    (value.M ? Object.keys(value.M).length : value.B !== undefined ? bytes(value.B).length : undefined);
  return length === undefined ? undefined : { N: String(length) };
}

/** Numbers have up to 38 digits, and arrive without an exponent: compared as doubles, and digit by digit where those are equal. */
function orderNumbers(left: string, right: string): number {
  const difference = Number(left) - Number(right);
  if (difference !== 0 || left === right) return difference;
  const sign = left.startsWith('-') ? -1 : 1;
  const [leftWhole = '', leftPart = ''] = left.replace('-', '').split('.');
  const [rightWhole = '', rightPart = ''] = right.replace('-', '').split('.');
  const width = Math.max(leftWhole.length, rightWhole.length);
  const leftDigits = leftWhole.padStart(width, '0') + leftPart;
  const rightDigits = rightWhole.padStart(width, '0') + rightPart;
  return leftDigits === rightDigits ? 0 : leftDigits < rightDigits ? -sign : sign;
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
