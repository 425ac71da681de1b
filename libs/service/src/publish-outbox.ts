import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { eventbridge } from './aws/eventbridge.ts';
import { variable } from './environment.ts';
import { toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import type { OutboxEntry, OutboxRecord } from './outbox.ts';
import { putEntries, type PutEntriesDeps } from './put-entries.ts';
import { realTiming } from './retry.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const mostEntries = 10;
const mostBytes = 1024 * 1024;

/**
 * Publishes what commits left in the outbox: the handler of the outbox table's stream (`NEW_IMAGE`, INSERT only, `ReportBatchItemFailures`).
 *
 * An event leaves only after all earlier ones of its aggregate have: one call never holds two of the same, and after a failure the later ones wait. What is answered is the
 * lowest sequence number that failed, from which the stream comes again; others may then be published twice, which at-least-once allows.
 */
export const handler = /* @__PURE__ */ publisher({ eventbridge, timing: realTiming });

/** {@link handler} with its world handed in. */
export function publisher(deps: PutEntriesDeps) {
  return (batch: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> =>
    within(toInvocation(context), async () => {
      const failed = new Set<string>();
      const aggregates = groupByAggregate(batch.Records, failed);
      for (let round = takeRound(aggregates); round.length > 0; round = takeRound(aggregates)) {
        for (const { aggregate, record } of await publish(round, deps)) {
          failed.add(sequenceNumber(record));
          aggregates.delete(aggregate);
        }
      }
      // The order of the batch is that of the sequence numbers.
      const lowest = batch.Records.map(sequenceNumber).find((number) => failed.has(number));
      return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
    });
}

interface Pending {
  readonly aggregate: string;
  readonly record: DynamoDBRecord;
  readonly entry: OutboxEntry;
}

function groupByAggregate(records: readonly DynamoDBRecord[], failed: Set<string>): Map<string, Pending[]> {
  const aggregates = new Map<string, Pending[]>();
  for (const record of records) {
    const image = record.dynamodb?.NewImage;
    if (record.eventName !== 'INSERT' || !image) continue;
    const { aggregate, events } = unmarshall(image as Parameters<typeof unmarshall>[0]) as OutboxRecord;
    if (!Array.isArray(events)) {
      log.error('An outbox record has no events: only commit may write them', { name: 'outbox' });
      failed.add(sequenceNumber(record));
      continue;
    }
    const pending = events.map((entry) => ({ aggregate, record, entry }));
    aggregates.set(aggregate, [...(aggregates.get(aggregate) ?? []), ...pending]);
  }
  return aggregates;
}

/** Takes the next call's worth: the first entry of each of up to ten aggregates, within the bytes that a call may have. */
export function takeRound<Entry extends { readonly entry: OutboxEntry }>(aggregates: Map<string, Entry[]>): Entry[] {
  const round: Entry[] = [];
  let bytes = 0;
  // A copy, because what goes to the end of the line is not for this call.
  for (const [aggregate, [first, ...rest]] of [...aggregates]) {
    if (round.length === mostEntries) break;
    const size = first ? entrySize(first.entry) : 0;
    // An entry too large for any call goes alone, and EventBridge says so.
    if (round.length > 0 && bytes + size > mostBytes) continue;
    if (first) round.push(first);
    bytes += size;
    aggregates.delete(aggregate);
    // To the end of the line, so that an aggregate with many events does not keep the others waiting.
    if (rest.length > 0) aggregates.set(aggregate, rest);
    if (bytes >= mostBytes) break;
  }
  return round;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size: 14 bytes for the time, and the UTF-8 of the rest. */
export function entrySize({ Source, DetailType, Detail }: OutboxEntry): number {
  return 14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

/** @returns those that could not be published, after several attempts. */
async function publish(round: readonly Pending[], deps: PutEntriesDeps): Promise<readonly Pending[]> {
  const failure = await putEntries(
    round.map(({ entry }) => entry),
    variable('BUS_NAME'),
    deps,
  );
  if (!failure) return [];
  log.error('Events could not be published, and will be tried again', { count: failure.failed.length }, failure.error);
  return failure.failed.flatMap((index) => round[index] ?? []);
}

function sequenceNumber(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
