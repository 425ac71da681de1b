import type { AttributeValue, BatchGetItemCommandOutput, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type DynamoDb, dynamodb } from './aws/dynamodb.ts';
import { variable, variableOf } from './environment.ts';
import { AwsFailure, ConditionFailed } from './errors.ts';
import { fullJitter, realTiming } from './retry.ts';

/** A condition on the item as it stands, in DynamoDB's expression language with plain values. */
export interface WriteCondition {
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface Query {
  /** `orderId = :orderId` */
  readonly where: string;
  readonly filter?: string;
  readonly index?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** Items to look at, before any filter. */
  readonly limit?: number;
  /** From the end of the range: the newest first. */
  readonly descending?: boolean;
  /** Where the page before this one ended. */
  readonly after?: object | undefined;
  readonly consistent?: boolean;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Where the next page begins; undefined on the last one. */
  readonly last?: Record<string, unknown> | undefined;
}

/** A table of the service's own, with plain values. A write that belongs together with events or with `once` goes through `commit` instead. */
export interface Table<Item extends object> {
  /** Its name at AWS, for the writes of a `commit`. */
  readonly name: string;
  /** Eventually consistent unless told: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html */
  get(key: object, options?: { consistent?: boolean }): Promise<Item | undefined>;
  /** Up to 100 items at once, in no order; those that do not exist are left out. */
  getMany(keys: readonly object[], options?: { consistent?: boolean }): Promise<Item[]>;
  query(query: Query): Promise<Page<Item>>;
  /** All pages of a query: for what is bounded by its key. */
  queryAll(query: Query): Promise<Item[]>;
  /** A page of everything, in no order: for work that goes through all of a table, and needs the right to `scan` it. */
  scan(page: { readonly limit: number; readonly after?: object | undefined }): Promise<Page<Item>>;
  /** @throws {ConditionFailed} with the item that stands, as `items[0]`. The same after a lost reply, when it was this write that made it stand. */
  put(item: Item, condition?: WriteCondition): Promise<void>;
  /** @returns the item after the update. @throws {ConditionFailed} as `put` does. */
  update(key: object, update: WriteCondition & { readonly update: string }): Promise<Item>;
  /** @throws {ConditionFailed} as `put` does. */
  delete(key: object, condition?: WriteCondition): Promise<void>;
}

/**
 * A table, by its logical id in `resources.yml`: `Stock` is the one whose name the environment has as `STOCK_TABLE`.
 *
 * The type of the items is the service's word: nobody else writes them.
 */
export const table = /* @__PURE__ */ tables(dynamodb);

/** {@link table} with its world handed in. */
export function tables(dynamodb: Omit<DynamoDb, 'transactWriteItems'>) {
  return <Item extends object>(logicalId: string): Table<Item> => {
    const variableName = variableOf(logicalId, 'TABLE');
    const TableName = (): string => variable(variableName);
    const query: Table<Item>['query'] = async ({
      where,
      filter,
      index,
      names,
      values,
      limit,
      descending = false,
      after,
      consistent = false,
    }) => {
      const { Items = [], LastEvaluatedKey } = await dynamodb.query({
        TableName: TableName(),
        KeyConditionExpression: where,
        FilterExpression: filter,
        IndexName: index,
        Limit: limit,
        ScanIndexForward: !descending,
        ExclusiveStartKey: after && marshall(after),
        ConsistentRead: consistent,
        ...toExpressions({ names, values }),
      });
      return { items: Items.map((item) => toItem<Item>(item)), last: LastEvaluatedKey && unmarshall(LastEvaluatedKey) };
    };
    return {
      get name() {
        return TableName();
      },
      async get(key, { consistent = false } = {}) {
        const answer = await dynamodb.getItem({ TableName: TableName(), Key: marshall(key), ConsistentRead: consistent });
        return answer.Item && toItem<Item>(answer.Item);
      },
      async getMany(keys, { consistent = false } = {}) {
        const name = TableName();
        const items: Item[] = [];
        let rest: KeysAndAttributes | undefined = { Keys: keys.map((key) => marshall(key)), ConsistentRead: consistent };
        // Any part of the answer can be put off: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
        for (let round = 0; rest && keys.length > 0; round += 1) {
          if (round === 10) throw new AwsFailure('UnprocessedKeys', 200, `${name} left keys unread ${round} times`);
          if (round > 0) await realTiming.sleep(fullJitter(round, 25, 500, realTiming.random()));
          const answer: BatchGetItemCommandOutput = await dynamodb.batchGetItem({ RequestItems: { [name]: rest } });
          items.push(...(answer.Responses?.[name] ?? []).map((item) => toItem<Item>(item)));
          rest = answer.UnprocessedKeys?.[name];
        }
        return items;
      },
      query,
      async queryAll(all) {
        const found: Item[] = [];
        let { after } = all;
        do {
          const page = await query({ ...all, after });
          found.push(...page.items);
          after = page.last;
        } while (after);
        return found;
      },
      async scan({ limit, after }) {
        const { Items = [], LastEvaluatedKey } = await dynamodb.scan({
          TableName: TableName(),
          Limit: limit,
          ExclusiveStartKey: after && marshall(after),
        });
        return { items: Items.map((item) => toItem<Item>(item)), last: LastEvaluatedKey && unmarshall(LastEvaluatedKey) };
      },
      async put(item, condition = {}) {
        const Item = marshall(item, { removeUndefinedValues: true });
        await write(dynamodb.putItem({ TableName: TableName(), Item, ...toExpressions(condition) }));
      },
      async update(key, { update, ...condition }) {
        const input = { TableName: TableName(), Key: marshall(key), UpdateExpression: update, ReturnValues: 'ALL_NEW' } as const;
        const answer = await write(dynamodb.updateItem({ ...input, ...toExpressions(condition) }));
        return toItem<Item>(answer.Attributes ?? {});
      },
      async delete(key, condition = {}) {
        await write(dynamodb.deleteItem({ TableName: TableName(), Key: marshall(key), ...toExpressions(condition) }));
      },
    };
  };
}

async function write<Output>(call: Promise<Output>): Promise<Output> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.awsCode !== 'ConditionalCheckFailedException') throw error;
    const { Item } = error.members as { Item?: Record<string, AttributeValue> };
    throw new ConditionFailed([0], [Item && unmarshall(Item)], { cause: error });
  }
}

function toExpressions({ condition, names, values }: WriteCondition) {
  return {
    ...(condition && { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }) }),
  };
}

function toItem<Item extends object>(attributes: Record<string, AttributeValue>): Item {
  return unmarshall(attributes) as Item;
}
