import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type Cause, type Invocation, toInvocation, within } from './invocation.ts';
import { runLanes } from './lanes.ts';
import { log } from './log.ts';
import type { EventOnce } from './once.ts';
import { toTraceparent } from './trace.ts';
import { ulid } from './ulid.ts';

/** A change of one item of a table of the service's own. What `old` and `new` hold depends on the stream's view. */
export type TableChange<Item extends object> = {
  readonly id: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly cause: Cause;
  /** To be handed to `commit` where the function publishes: the effect happens once. */
  readonly once: EventOnce;
} & (
  | { readonly kind: 'inserted'; readonly old?: undefined; readonly new: Item }
  | { readonly kind: 'modified'; readonly old: Item; readonly new: Item }
  /** `expired`: not deleted by anybody, but past its time to live. */
  | { readonly kind: 'removed'; readonly old: Item; readonly new?: undefined; readonly expired: boolean }
);

/**
 * Follows a table's stream (`NEW_AND_OLD_IMAGES`, a mapping with `ReportBatchItemFailures`). Changes of one item are handled in order, others at once; after a failure the later ones of
 * its item wait. The answer is the lowest sequence number that failed, from which the stream comes again: a change can come twice.
 */
export function onTableChange<Item extends object>(
  rule: (change: TableChange<Item>) => unknown,
  { concurrency = 10, headroom = 1000 }: { concurrency?: number; headroom?: number } = {},
): (batch: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse> {
  const handle = (record: DynamoDBRecord, invocation: Invocation): Promise<void> => {
    const id = record.eventID ?? sequenceNumber(record);
    const correlationId = ulid();
    return within({ ...invocation, correlationId, causationId: id }, async () => {
      try {
        const cause = { correlationId, causationId: id, traceparent: toTraceparent(invocation.traceHeader) };
        await rule({ id, cause, once: { kind: 'event', id: `event#${invocation.functionName}#${id}` }, ...toChange<Item>(record) });
      } catch (error) {
        log.error('A change of a table failed, and will come again', { eventId: id }, error);
        throw error;
      }
    });
  };
  return (batch, context) => {
    const invocation = toInvocation(context);
    return within(invocation, async () => {
      const laneOf = (record: DynamoDBRecord): string => JSON.stringify(record.dynamodb?.Keys);
      const options = { laneOf, concurrency, holdAfterFailure: true, within: invocation.remaining() - headroom };
      const tasks = await runLanes(batch.Records, options, (record) => handle(record, invocation));
      const lowest = tasks.find(({ state }) => state !== 'done');
      return { batchItemFailures: lowest ? [{ itemIdentifier: sequenceNumber(lowest.item) }] : [] };
    });
  };
}

type Change<Item extends object> = { keys: Record<string, unknown> } & (
  { kind: 'inserted'; new: Item } | { kind: 'modified'; old: Item; new: Item } | { kind: 'removed'; old: Item; expired: boolean }
);

function toChange<Item extends object>(record: DynamoDBRecord): Change<Item> {
  const read = (image: unknown): Item => unmarshall((image ?? {}) as Parameters<typeof unmarshall>[0]) as Item;
  const keys = read(record.dynamodb?.Keys) as Record<string, unknown>;
  const images = { old: read(record.dynamodb?.OldImage), new: read(record.dynamodb?.NewImage) };
  if (record.eventName === 'INSERT') return { keys, kind: 'inserted', new: images.new };
  if (record.eventName === 'MODIFY') return { keys, kind: 'modified', ...images };
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
  const { userIdentity } = record as { userIdentity?: { principalId?: string } };
  return { keys, kind: 'removed', old: images.old, expired: userIdentity?.principalId === 'dynamodb.amazonaws.com' };
}

function sequenceNumber(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
