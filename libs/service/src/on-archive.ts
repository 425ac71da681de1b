import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sha256 } from './digest.ts';
import { toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import { placeOf } from './stream-memory.ts';

/** What arrived together, as it came. */
export interface Arrival<Item> {
  /** The same when the same comes again. */
  readonly id: string;
  readonly items: readonly Item[];
}

/** Keeps records of a Kinesis stream as they come, whatever is in them. When the rule throws, all of them come again. */
export function onRecords(rule: (arrival: Arrival<Uint8Array>) => Promise<unknown>) {
  return ({ Records }: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> =>
    within(toInvocation(context), async () => {
      const [first] = Records;
      const last = Records.at(-1);
      if (!first || !last) return { batchItemFailures: [] };
      try {
        const id = `${placeOf(first).ShardId}-${first.kinesis.sequenceNumber}-${last.kinesis.sequenceNumber}`;
        await rule({ id, items: Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64')) });
        return { batchItemFailures: [] };
      } catch (error) {
        log.error('Records could not be kept, and will come again', { count: Records.length }, error);
        return { batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] };
      }
    });
}

/** Keeps messages of a queue as they come, whatever is in them. When the rule throws, all of them come again. */
export function onMessages(rule: (arrival: Arrival<string>) => Promise<unknown>) {
  return ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    within(toInvocation(context), async () => {
      if (Records.length === 0) return { batchItemFailures: [] };
      try {
        const id = sha256(Records.map(({ messageId }) => messageId).join());
        await rule({ id, items: Records.map(({ body }) => body) });
        return { batchItemFailures: [] };
      } catch (error) {
        log.error('Messages could not be kept, and will come again', { count: Records.length }, error);
        return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      }
    });
}
