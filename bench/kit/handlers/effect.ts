import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { stubbed } from './stubbed.ts';

let client: DynamoDBClient | undefined;

/** The effect as it is written without the kit: state and memory in one transaction. */
export async function writeOnce(id: string, tableName: string | undefined, key: Readonly<Record<string, string>>): Promise<void> {
  if (stubbed) return;
  client ??= new DynamoDBClient();
  const item = Object.fromEntries(Object.entries(key).map(([name, value]) => [name, { S: value }]));
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: process.env.INBOX_TABLE, Item: { id: { S: id } }, ConditionExpression: 'attribute_not_exists(id)' } },
        { Put: { TableName: tableName, Item: item } },
      ],
    }),
  );
}
