import { type Data, validated, validationError } from './dynalite.ts';
import { type Item, itemBytes, keyOf } from './item.ts';
import type { Items } from './items.ts';
import { getItem } from './reads.ts';
import { tableNameOf } from './table.ts';
import type { Tables } from './tables.ts';
import { decide } from './writes.ts';

type Input = Record<string, unknown>;
type Requests = Record<string, ({ PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } } | undefined)[]>;
type Gets = Record<string, { Keys: Item[] } & Input>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const mostWrites = 25;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const mostGets = 100;
const mostBytes = 16 * 1024 * 1024;

/** BatchWriteItem: each write for itself, none twice for one item. @throws {AwsError} */
export function batchWrite(tables: Tables, items: Items, input: Input): object {
  const { RequestItems } = validated<Data & { RequestItems: Requests }>('batchWriteItem', { ...input, RequestItems: byName(input) });
  const writes = Object.entries(RequestItems).flatMap(([TableName, requests]) => requests.map((request) => ({ TableName, request })));
  if (writes.length > mostWrites) throw validationError('Too many items requested for the BatchWriteItem call');
  const { ReturnConsumedCapacity } = input;
  const seen = new Set<string>();
  const decisions = writes.map(({ TableName, request }) => {
    const put = request?.PutRequest;
    const decision = put
      ? decide(tables, items, 'putItem', { TableName, Item: put.Item, ReturnConsumedCapacity })
      : decide(tables, items, 'deleteItem', { TableName, Key: request?.DeleteRequest?.Key, ReturnConsumedCapacity });
    const place = `${decision.table.space}/${decision.change.key}`;
    if (seen.has(place)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(place);
    return decision;
  });
  for (const { table, change } of decisions) items.write(table, change);
  return { UnprocessedItems: {}, ...capacity(decisions.map(({ answer }) => answer)) };
}

/** BatchGetItem: at most 100 items and 16 MB, the rest is answered as unprocessed. @throws {AwsError} */
export function batchGet(tables: Tables, items: Items, input: Input): object {
  const checked = validated<Data & { RequestItems: Gets }>('batchGetItem', { ...input, RequestItems: byName(input) });
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Gets = {};
  const answers: Input[] = [];
  let bytes = 0;
  if (Object.values(checked.RequestItems).reduce((sum, { Keys }) => sum + Keys.length, 0) > mostGets) {
    throw validationError('Too many items requested for the BatchGetItem call');
  }
  for (const TableName of Object.keys(checked.RequestItems)) {
    const { Keys, ...rest } = byName(input)[TableName] as Gets[string];
    const { KeySchema } = tables.get(TableName).description;
    const found: Item[] = (Responses[TableName] = []);
    const seen = new Set<string>();
    for (const Key of Keys) {
      const place = JSON.stringify(keyOf(Key, KeySchema));
      if (seen.has(place)) throw validationError('Provided list of item keys contains duplicates');
      seen.add(place);
      const answer = getItem(tables, items, { ...rest, TableName, Key, ReturnConsumedCapacity: input['ReturnConsumedCapacity'] }) as Input;
      const item = answer['Item'] as Item | undefined;
      bytes += item ? itemBytes(item) : 0;
      if (bytes > mostBytes) {
        (UnprocessedKeys[TableName] ??= { ...rest, Keys: [] }).Keys.push(Key);
        continue;
      }
      answers.push(answer);
      if (item) found.push(item);
    }
  }
  return { Responses, UnprocessedKeys, ...capacity(answers) };
}

/** `RequestItems` with table names where ARNs stood. */
function byName(input: Input): Input {
  return Object.fromEntries(Object.entries((input['RequestItems'] ?? {}) as Input).map(([name, request]) => [tableNameOf(name), request]));
}

function capacity(answers: readonly Input[]): object {
  const units = new Map<string, number>();
  for (const { ConsumedCapacity } of answers) {
    const consumed = ConsumedCapacity as { TableName: string; CapacityUnits: number } | undefined;
    if (consumed) units.set(consumed.TableName, (units.get(consumed.TableName) ?? 0) + consumed.CapacityUnits);
  }
  if (units.size === 0) return {};
  return { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) };
}
