/** A value as DynamoDB's wire format writes it: one member, named for its type. */
export interface AttributeValue {
  S?: string;
  N?: string;
  /** Base64. */
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

export interface Item {
  [attribute: string]: AttributeValue;
}

/** 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
export const maximumItemBytes = 400 * 1024;

/**
 * Bytes of an item as DynamoDB counts them: names and values, in UTF-8.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + valueBytes(item[name]!);
  return bytes;
}

/** Whether two values are the same to DynamoDB: sets and maps have no order, lists do, numbers are compared as numbers. */
export function sameValue(left: AttributeValue, right: AttributeValue): boolean {
  if (left.S !== undefined || right.S !== undefined) return left.S === right.S;
  if (left.N !== undefined || right.N !== undefined) return left.N === right.N;
  if (left.BOOL !== undefined || right.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.M || right.M) return left.M !== undefined && right.M !== undefined && sameItem(left.M, right.M);
  if (left.L || right.L) return left.L !== undefined && right.L !== undefined && sameList(left.L, right.L);
  if (left.B !== undefined || right.B !== undefined) return left.B === right.B;
  if (left.NULL || right.NULL) return left.NULL === right.NULL;
  return sameSet(left.SS, right.SS) && sameSet(left.NS, right.NS) && sameSet(left.BS, right.BS);
}

export function sameItem(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => right[name] !== undefined && sameValue(left[name]!, right[name]));
}

export function keyOf(item: Item, keySchema: readonly { AttributeName: string }[]): Item {
  return Object.fromEntries(keySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]));
}

function sameList(left: AttributeValue[], right: AttributeValue[]): boolean {
  return left.length === right.length && left.every((value, index) => sameValue(value, right[index]!));
}

function sameSet(left: string[] | undefined, right: string[] | undefined): boolean {
  if (!left || !right) return left === right;
  if (left.length !== right.length) return false;
  const members = new Set(right);
  return left.every((member) => members.has(member));
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.BOOL !== undefined || value.NULL) return 1;
  if (value.M) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L) return 3 + value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 0);
  if (value.SS) return value.SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (value.NS) return value.NS.reduce((sum, each) => sum + numberBytes(each), 0);
  return (value.BS ?? []).reduce((sum, each) => sum + Buffer.byteLength(each, 'base64'), 0);
}

/** One byte for two significant digits and one more; zeros at either end do not count. */
function numberBytes(number: string): number {
  const digits = number.replace(/^-?[0.]*|[.]|e.*$/gi, '').replace(/0+$/, '');
  return 1 + Math.ceil(digits.length / 2) + (number.startsWith('-') ? 1 : 0);
}
