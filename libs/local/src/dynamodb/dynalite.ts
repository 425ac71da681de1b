import { createRequire } from 'node:module';
import { AwsError } from '../kernel/aws-error.ts';
import type { AttributeValue, Item } from './item.ts';
import type { TableDescription } from './table.ts';

/**
 * dynalite's rules without its storage: how requests are validated, expressions are parsed and keys are ordered. Its actions
 * are given a store that only looks and remembers; what they decide is written by {@link file://./items.ts}.
 */

export type Operation =
  | 'putItem'
  | 'updateItem'
  | 'deleteItem'
  | 'getItem'
  | 'query'
  | 'scan'
  | 'batchGetItem'
  | 'batchWriteItem'
  | 'createTable'
  | 'updateTable'
  | 'deleteTable'
  | 'describeTable'
  | 'listTables'
  | 'tagResource'
  | 'untagResource'
  | 'listTagsOfResource';

export type KeySchema = readonly { AttributeName: string; KeyType: string }[];

/** A path into an item: names and list indexes. */
export type Path = readonly (string | number)[];

export interface Expression {
  type: string;
  name?: string;
  args: (Expression | Path | AttributeValue)[];
}

/** A request after validation, with its expressions parsed. */
export interface Data {
  TableName: string;
  IndexName?: string;
  Item?: Item;
  Key?: Item;
  ReturnValues?: string;
  ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
  ConsistentRead?: boolean;
  Limit?: number;
  Select?: string;
  ExclusiveStartKey?: Item;
  ScanIndexForward?: boolean;
  AttributesToGet?: string[];
  QueryFilter?: object;
  ScanFilter?: object;
  ConditionalOperator?: string;
  Expected?: object;
  KeyConditions?: Record<string, { ComparisonOperator: string; AttributeValueList: AttributeValue[] }>;
  _condition?: { expression: Expression };
  _filter?: { expression: Expression };
  _projection?: { paths: Path[] };
  _updates?: { sections: UpdateSection[]; paths: Path[] };
}

export interface UpdateSection {
  type: 'set' | 'remove' | 'add' | 'delete';
  path: Path;
  val: Expression | Path | AttributeValue;
  attrType?: keyof AttributeValue;
}

interface DynaliteError extends Error {
  statusCode?: number;
  body?: { __type: string; message?: string; Message?: string };
}

interface Types {
  readonly [member: string]: unknown;
}

interface Validations {
  checkTypes(data: object, types: Types): object;
  checkValidations(data: object, types: Types, custom: unknown, store: object): void;
  validateAttributeValue(value: AttributeValue): string | undefined;
}

interface DynaliteDb {
  createKey(item: Item, table: TableDescription, keySchema?: KeySchema): string;
  validateKey(key: Item, table: TableDescription): DynaliteError | undefined;
  validateItem(item: Item, table: TableDescription): DynaliteError | undefined;
  matchesFilter(item: Item, filter: object, operator?: string): boolean;
  mapPaths(paths: readonly (Path | string)[], item: Item): Item;
}

export type Callback = (error: DynaliteError | null | undefined, answer?: object) => void;
type Action = (store: object, data: object, callback: Callback) => void;

const require = createRequire(import.meta.url);
const db = require('dynalite/db') as DynaliteDb;
const validations = require('dynalite/validations') as Validations;
const rules = new Map<Operation, { types: Types; custom?: unknown }>();
const actions = new Map<Operation, Action>();
// Sizes are counted in bytes by our own code: dynalite counts UTF-16 units.
const limits = { options: { maxItemSize: Number.MAX_SAFE_INTEGER } };

export const { createKey, validateKey, validateItem, matchesFilter, mapPaths } = db;

/** Checks a request as AWS does and parses its expressions. Members that dynalite does not know are left out. @throws {AwsError} */
export function validated<Result extends object = Data>(operation: Operation, input: object): Result {
  let rule = rules.get(operation);
  if (!rule) rules.set(operation, (rule = require(`dynalite/validations/${operation}`) as { types: Types; custom?: unknown }));
  try {
    const data = validations.checkTypes({ ...input }, rule.types);
    validations.checkValidations(data, rule.types, rule.custom, limits);
    return data as Result;
  } catch (error) {
    throw toAwsError(error);
  }
}

/** Runs one of dynalite's actions against a store that answers at once. @throws {AwsError} what the action answers as an error. */
export function act(operation: Operation, store: object, data: object): Record<string, unknown> | undefined {
  let action = actions.get(operation);
  if (!action) actions.set(operation, (action = require(`dynalite/actions/${operation}`) as Action));
  let failure: unknown;
  let result: object | undefined;
  action(store, data, (error, answer) => {
    failure = error ?? undefined;
    result = answer;
  });
  if (failure) throw toAwsError(failure);
  return result as Record<string, unknown> | undefined;
}

/** Throws an error that one of dynalite's checks returned, if it did. */
export function throwIf(error: DynaliteError | null | undefined): void {
  if (error) throw toAwsError(error);
}

/** Checks a value as a request's values are checked. @throws {AwsError} */
export function checkValue(value: AttributeValue): void {
  const problem = validations.validateAttributeValue(value);
  if (problem) throw validationError(problem);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function toAwsError(error: unknown): unknown {
  const { body, statusCode } = error as DynaliteError;
  if (!body) return error;
  return new AwsError(body.__type.slice(body.__type.indexOf('#') + 1), body.message ?? body.Message ?? '', statusCode);
}
