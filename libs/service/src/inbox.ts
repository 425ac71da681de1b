import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDb } from './aws/dynamodb.ts';
import { variable } from './environment.ts';
import type { Once, Settled } from './once.ts';

const day = 24 * 60 * 60;

/**
 * How long an effect is remembered, in seconds. An event can come again as long as the archive (90 days), and then queue (14 days) and dead-letter queue (14 days) keep it; a request
 * as long as a client goes on trying.
 */
const memory = { event: 120 * day, request: 2 * day } as const;

/** The record that is written with the effect, and only if it is not there: https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html (idempotency). */
export function inboxRecord(once: Once, answer: object | undefined, now: Date): { Item: object; ConditionExpression: string } {
  const expiresAt = Math.floor(now.getTime() / 1000) + memory[once.kind];
  const request = once.kind === 'request' ? { fingerprint: once.fingerprint, answer: JSON.stringify(answer) } : {};
  // Not `OR expiresAt < :now`: a clock that jumps ahead must not forget.
  return { Item: { id: once.id, expiresAt, ...request }, ConditionExpression: 'attribute_not_exists(id)' };
}

/** What the inbox holds of a request; undefined when it holds nothing. */
export async function findSettled<Answer extends object>(
  id: string,
  { getItem }: Pick<DynamoDb, 'getItem'>,
): Promise<Settled<Answer> | undefined> {
  const { Item } = await getItem({ TableName: variable('INBOX_TABLE'), Key: marshall({ id }), ConsistentRead: true });
  if (!Item) return undefined;
  const { fingerprint, answer } = unmarshall(Item) as { fingerprint: string; answer: string };
  return { fingerprint, answer: JSON.parse(answer) as Answer };
}
