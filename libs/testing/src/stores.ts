import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ROOT_CREDENTIALS } from '@larder/local/iam/credentials';

/** How AWS clients of tests reach the laptop cloud. */
export const clientConfig = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials: ROOT_CREDENTIALS });

/** Reads every item of a service's table, as the table is now. For tests: no service reads another one's. */
export async function scan<Item>(endpoint: string, service: string, table: string): Promise<Item[]> {
  const client = new DynamoDBClient(clientConfig(endpoint));
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: `larder-local-${service}-${table}`, ConsistentRead: true })) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item) as Item));
  }
  client.destroy();
  return items;
}
