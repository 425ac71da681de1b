import { holds } from './condition.ts';
import type { Database, Range } from './database.ts';
import { act, type Callback, createKey, type Data, mapPaths, matchesFilter, validated } from './dynalite.ts';
import { type Item, itemBytes, keyOf } from './item.ts';
import { indexKey, type Items } from './items.ts';
import type { Table, TableIndex } from './table.ts';
import type { Tables } from './tables.ts';

/** GetItem. @throws {AwsError} */
export function getItem(tables: Tables, items: Items, input: object): object {
  const data = validated('getItem', input);
  const table = tables.get(data.TableName);
  const itemDb = { get: (key: string, done: Callback) => done(null, items.read(table, key)) };
  return act('getItem', { getTable: (_name: string, done: Callback) => done(null, table.description), getItemDb: () => itemDb }, data)!;
}

/** A page of Query or Scan ends here: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;
const piece = 200;

/** Query and Scan: dynalite says which range of keys is asked for, and the page is read here. @throws {AwsError} */
export function readPage(database: Database, tables: Tables, items: Items, operation: 'query' | 'scan', input: object): object {
  const data = validated(operation, input);
  const table = tables.get(data.TableName);
  const index = data.IndexName === undefined ? undefined : table.indexes.find(({ name }) => name === data.IndexName);
  const range = plan(table, operation, data);
  const wholeItem = index !== undefined && index.holds !== 'ALL' && data.Select === 'ALL_ATTRIBUTES';
  const most = data.Limit ?? Number.MAX_SAFE_INTEGER;

  const found: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  for (const row of database.range((index ?? table).space, startAfter(range, table, index, data), Math.min(most, piece))) {
    const entry = JSON.parse(row.value) as Item;
    const item = wholeItem ? items.read(table, createKey(entry, table.description))! : entry;
    scanned += 1;
    bytes += itemBytes(entry);
    if (passes(data, item)) found.push(item);
    if (scanned >= most || bytes >= pageBytes) {
      last = entry;
      break;
    }
  }
  const paths = data._projection?.paths ?? data.AttributesToGet;
  return {
    Count: found.length,
    ScannedCount: scanned,
    ...(data.Select !== 'COUNT' && { Items: paths ? found.map((item) => mapPaths(paths, item)) : found }),
    ...(last && { LastEvaluatedKey: keyOf(last, startKeys(table, index)) }),
    ...consumed(data, index, bytes),
  };
}

/** Asks dynalite's action which range it would read, with all its checks of the request. */
function plan(table: Table, operation: 'query' | 'scan', data: Data): Range {
  let range: Range & { limit?: number } = {};
  const stream = { on: () => stream, removeAllListeners: () => stream };
  const rows = {
    createValueStream(asked: Range) {
      range = asked;
      return stream;
    },
  };
  const store = {
    getTable: (_name: string, done: Callback) => done(null, table.description),
    getItemDb: () => rows,
    getIndexDb: () => rows,
  };
  act(operation, store, data);
  const { gt, gte, lt, lte, reverse } = range;
  return { gt, gte, lt, lte, reverse };
}

/** The range without what was read before: our index keys end with the item's own key, and dynalite's do not. */
function startAfter(range: Range, table: Table, index: TableIndex | undefined, data: Data): Range {
  const start = data.ExclusiveStartKey;
  if (!start) return range;
  const own = createKey(start, table.description);
  const key = index ? indexKey(table, index, start, own)! : own;
  return range.reverse ? { ...range, lt: key, lte: undefined } : { ...range, gt: key, gte: undefined };
}

function startKeys(table: Table, index: TableIndex | undefined): { AttributeName: string }[] {
  const names = new Set([...(index?.keySchema ?? []), ...table.description.KeySchema].map((key) => key.AttributeName));
  return [...names].map((AttributeName) => ({ AttributeName }));
}

function passes(data: Data, item: Item): boolean {
  if (data._filter) return holds(data._filter.expression, item);
  const filter = data.QueryFilter ?? data.ScanFilter;
  return !filter || matchesFilter(item, filter, data.ConditionalOperator);
}

function consumed(data: Data, index: TableIndex | undefined, bytes: number): object {
  if (data.ReturnConsumedCapacity !== 'TOTAL' && data.ReturnConsumedCapacity !== 'INDEXES') return {};
  const units = Math.ceil(bytes / 4096) * (data.ConsistentRead ? 1 : 0.5);
  const whole = { TableName: data.TableName, CapacityUnits: units };
  if (data.ReturnConsumedCapacity === 'TOTAL') return { ConsumedCapacity: whole };
  if (!index) return { ConsumedCapacity: { ...whole, Table: { CapacityUnits: units } } };
  const perIndex = { [`${index.kind}SecondaryIndexes`]: { [index.name]: { CapacityUnits: units } } };
  return { ConsumedCapacity: { ...whole, Table: { CapacityUnits: 0 }, ...perIndex } };
}
