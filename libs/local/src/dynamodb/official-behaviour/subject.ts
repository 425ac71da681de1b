import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A table of somebody's DynamoDB, and short words for what every test does with it. */
export type Subject = ReturnType<typeof createSubject>;

/** @param clientOf is asked once the tests run. */
export function createSubject(clientOf: () => DynamoDBClient) {
  const TableName = `larder-official-${Date.now()}`;
  let count = 0;
  const subject = {
    TableName,
    get client(): DynamoDBClient {
      return clientOf();
    },
    create: async (): Promise<void> => {
      await subject.client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'N' },
            { AttributeName: 'status', AttributeType: 'S' },
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byStatus',
              KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          LocalSecondaryIndexes: [
            {
              IndexName: 'byStatusOfOne',
              KeySchema: [
                { AttributeName: 'pk', KeyType: 'HASH' },
                { AttributeName: 'status', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
        }),
      );
      await waitUntilTableExists({ client: subject.client, maxWaitTime: 60, minDelay: 1 }, { TableName });
    },
    put: (Item: Record<string, { S: string } | { N: string } | { M: object } | { L: object[] } | { SS: string[] }>, more: object = {}) =>
      subject.client.send(new PutItemCommand({ TableName, Item: Item as never, ...more })),
    get: async (pk: string, sk = '1') =>
      (await subject.client.send(new GetItemCommand({ TableName, Key: subject.key(pk, sk), ConsistentRead: true }))).Item,
    key: (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { N: sk } }),
    fresh: (): string => `item-${(count += 1)}`,
    transact: (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
      subject.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken })),
    absent: 'attribute_not_exists(pk)',
    /** Eleven of these are more than 4 MB, 42 more than 16 MB. */
    large: 'x'.repeat(400_000),
  };
  return subject;
}
