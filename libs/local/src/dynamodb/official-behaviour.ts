import { DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batches } from './official-behaviour/batches.ts';
import { conditions } from './official-behaviour/conditions.ts';
import { queries } from './official-behaviour/queries.ts';
import { createSubject } from './official-behaviour/subject.ts';
import { transactions } from './official-behaviour/transactions.ts';
import { updates } from './official-behaviour/updates.ts';

/**
 * Statements of AWS's documentation about DynamoDB that code here leans on, each against a client. They are true of the laptop cloud
 * and of an account: pass a client of one or the other.
 */
export function officialBehaviour(clientOf: () => DynamoDBClient): void {
  const subject = createSubject(clientOf);
  beforeAll(() => subject.create(), 90_000);
  afterAll(() => subject.client.send(new DeleteTableCommand({ TableName: subject.TableName })));
  for (const tests of [conditions, updates, transactions, queries, batches]) tests(subject);
}
