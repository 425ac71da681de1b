import { AwsError } from '../kernel/aws-error.ts';
import { holds } from './condition.ts';
import { act, type Callback, type Data, matchesFilter, validationError } from './dynalite.ts';
import type { Change, Items } from './items.ts';
import { validatedWrite } from './known-conditions.ts';
import { type Item, itemBytes, maximumItemBytes } from './item.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import { asItWas, checkNumbers } from './update-expression.ts';

export type WriteOperation = 'putItem' | 'updateItem' | 'deleteItem';

/** A write that may be made: what becomes of the item, and what to answer. */
export interface Decision {
  readonly table: Table;
  readonly change: Change;
  readonly answer: Record<string, unknown>;
}

/** A condition that an item does not meet, with the item. */
export class ConditionFailed extends AwsError {
  readonly item: Item | undefined;
  /** Names the item among those of all tables. */
  readonly place: string;

  constructor(item: Item | undefined, place: string, returned: unknown) {
    super('ConditionalCheckFailedException', 'The conditional request failed', 400, item && returned === 'ALL_OLD' ? { Item: item } : {});
    this.item = item;
    this.place = place;
  }
}

/** PutItem, UpdateItem, DeleteItem. To be called in a transaction. @throws {AwsError} */
export function writeOne(tables: Tables, items: Items, operation: WriteOperation, input: Record<string, unknown>): object {
  const { table, change, answer } = decide(tables, items, operation, input);
  items.write(table, change);
  return answer;
}

/**
 * What a write would do, by dynalite's rules, and by ours for its condition. Nothing is written.
 * @throws {ConditionFailed | AwsError}
 */
export function decide(tables: Tables, items: Items, operation: WriteOperation, input: Record<string, unknown>): Decision {
  const data = validatedWrite(operation, input);
  const table = tables.get(data.TableName);
  const returned = input['ReturnValuesOnConditionCheckFailure'];
  const asked = { ...data, _condition: undefined, Expected: undefined };
  let change: Change | undefined;
  const answer = act(
    operation,
    storeOf(
      table,
      (key) => {
        const before = items.read(table, key);
        if (!meets(data, before ?? {})) throw new ConditionFailed(before, `${table.space}/${key}`, returned);
        change = { key, before, after: undefined };
        if (asked._updates) asked._updates = asItWas(asked._updates, before ?? data.Key!);
        return before;
      },
      (after) => {
        change = { ...change!, after };
      },
    ),
    asked,
  );
  if (!change || !answer) throw new Error(`${operation} did not come to a decision`);
  if (change.after && asked._updates) checkNumbers(asked._updates, change.after);
  if (change.after) refuseEmptyIndexKeys(table, change.after);
  if (change.after && itemBytes(change.after) > maximumItemBytes) {
    throw validationError(
      operation === 'updateItem'
        ? 'Item size to update has exceeded the maximum allowed size'
        : 'Item size has exceeded the maximum allowed size',
    );
  }
  return { table, change, answer };
}

/** An item that lacks the key of an index is not in it; one whose key is empty is refused. */
function refuseEmptyIndexKeys({ indexes }: Table, item: Item): void {
  for (const { name, keySchema } of indexes) {
    const empty = keySchema.find(({ AttributeName }) => item[AttributeName]?.S === '' || item[AttributeName]?.B === '');
    if (empty) {
      throw validationError(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty value. IndexName: ${name}, IndexKey: ${empty.AttributeName}`,
      );
    }
  }
}

function meets(data: Data, item: Item): boolean {
  if (data._condition) return holds(data._condition.expression, item);
  return !data.Expected || matchesFilter(item, data.Expected, data.ConditionalOperator);
}

const notFound = Object.assign(new Error('NotFoundError'), { name: 'NotFoundError' });
const nowhere = { put: (_key: string, _item: Item, done: Callback) => done(null), del: (_key: string, done: Callback) => done(null) };

/** A store for dynalite's actions on one item: it answers at once, and what is put into it is only remembered. */
function storeOf(table: Table, read: (key: string) => Item | undefined, put: (item: Item) => void): object {
  const itemDb = {
    lock: (_key: string, work: (release: (callback: Callback) => Callback) => void) => work((callback) => callback),
    get(key: string, done: Callback) {
      const item = read(key);
      if (item) done(null, item);
      else done(notFound);
    },
    put(_key: string, item: Item, done: Callback) {
      put(item);
      done(null);
    },
    del: (_key: string, done: Callback) => done(null),
  };
  return {
    options: { maxItemSize: Number.MAX_SAFE_INTEGER },
    getTable: (_name: string, done: Callback) => done(null, table.description),
    getItemDb: () => itemDb,
    getIndexDb: () => nowhere,
  };
}
