import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDb } from './aws/dynamodb.ts';
import { AwsFailure } from './errors.ts';

type Item = Record<string, unknown>;
type Fault = 'lose-reply' | 'conflict' | 'throttle' | 'crash-before' | undefined;

/** The little of DynamoDB that a commit needs, in memory: transactions of puts with `attribute_not_exists`, the client's token, and faults on demand. */
export function memoryDynamoDb(keys: Readonly<Record<string, readonly string[]>>, faults: Fault[] = []) {
  const tables = new Map<string, Map<string, Item>>();
  const tokens = new Map<string, string>();
  const calls: { operation: string; input: object }[] = [];
  const rows = (name: string): Map<string, Item> => {
    const table = tables.get(name) ?? new Map<string, Item>();
    tables.set(name, table);
    return table;
  };
  const keyOf = (name: string, item: Item): string => JSON.stringify((keys[name] ?? ['id']).map((key) => item[key]));

  const transact = ({ ClientRequestToken = '', TransactItems = [] }: TransactWriteItemsCommandInput): void => {
    const content = JSON.stringify(TransactItems);
    const seen = tokens.get(ClientRequestToken);
    if (seen !== undefined && seen !== content) throw new AwsFailure('IdempotentParameterMismatchException', 400, 'another content');
    if (seen !== undefined) return;
    const puts = TransactItems.flatMap(({ Put }) =>
      Put?.TableName && Put.Item ? [{ ...Put, TableName: Put.TableName, item: unmarshall(Put.Item) }] : [],
    );
    const reasons = puts.map(({ TableName, item, ConditionExpression }) => {
      const old = rows(TableName).get(keyOf(TableName, item));
      return { Code: ConditionExpression?.startsWith('attribute_not_exists') && old ? 'ConditionalCheckFailed' : 'None' };
    });
    if (reasons.some(({ Code }) => Code !== 'None'))
      throw new AwsFailure('TransactionCanceledException', 400, 'cancelled', { CancellationReasons: reasons });
    for (const { TableName, item } of puts) rows(TableName).set(keyOf(TableName, item), item);
    tokens.set(ClientRequestToken, content);
  };

  const $metadata = {};
  const getItem: DynamoDb['getItem'] = async (input) => {
    calls.push({ operation: 'GetItem', input });
    // Whoever calls at the same time gets a turn between any two calls.
    await Promise.resolve();
    const { TableName = '', Key = {} } = input;
    const found = rows(TableName).get(keyOf(TableName, unmarshall(Key)));
    return { $metadata, ...(found && { Item: marshall(found, { removeUndefinedValues: true }) }) };
  };

  const transactWriteItems: DynamoDb['transactWriteItems'] = async (input) => {
    calls.push({ operation: 'TransactWriteItems', input });
    await Promise.resolve();
    const fault = faults.shift();
    if (fault === 'crash-before') throw new AwsFailure('NetworkError', 0, 'connection refused');
    if (fault === 'throttle') throw new AwsFailure('ThrottlingException', 400, 'slow down');
    if (fault === 'conflict')
      throw new AwsFailure('TransactionCanceledException', 400, 'cancelled', { CancellationReasons: [{ Code: 'TransactionConflict' }] });
    transact(input);
    if (fault === 'lose-reply') throw new AwsFailure('NetworkError', 0, 'socket hang up');
    return { $metadata };
  };
  return { dynamodb: { getItem, transactWriteItems }, calls, items: (name: string) => [...rows(name).values()] };
}
