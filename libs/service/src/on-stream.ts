import type { StreamContract, StreamEvent } from '@larder/contracts';
import { FrameError, linesOf } from '@larder/streaming/frame';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { kinesis } from './aws/kinesis.ts';
import { type Sqs, sqs } from './aws/sqs.ts';
import { variable } from './environment.ts';
import { toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import { createStreamMemory, type HorizonSize, placeOf, type StreamReads, usualHorizon } from './stream-memory.ts';

type Records = StreamContract['records'];

/** Some events of one shard, in its order. They can come again, in other batches. */
export interface StreamBatch<R extends Records> {
  readonly events: readonly StreamEvent<R>[];
  readonly shardId: string;
  /** Of the last record that these events were in. It grows with time within a shard: what was made of all before it need not be made again. */
  readonly sequenceNumber: string;
  /** Events that came again within the horizon, and are left out. */
  readonly duplicates: number;
}

export interface StreamOptions {
  /** How far back an event that comes again is recognised and left out. */
  readonly horizon?: HorizonSize;
}

export interface StreamDeps {
  readonly kinesis: StreamReads;
  deadLetter(poison: PoisonEvent): Promise<void>;
}

/** Where an event goes that no attempt will ever make better. */
export interface PoisonEvent {
  readonly code: string;
  readonly problem: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** The event as it came; of a record that is no frame, its bytes in Base64. */
  readonly bytes: string;
}

/** SQS takes messages of 1 MiB; most of an event that is larger than this is of no use to who looks at it. */
const mostPoison = 200_000;

/**
 * Follows a stream (a Kinesis mapping with `ReportBatchItemFailures`): unpacks frames, checks every event against the contract, leaves out what has come before, and hands the rest of one shard to
 * the rule. A poison event goes to the function's dead-letter queue with the reason and its bytes, and its neighbours go on. When the rule throws, all of it comes again.
 */
export const onStream = /* @__PURE__ */ streamReceiver({ kinesis, deadLetter: toQueue(sqs) });

/** {@link onStream} with its world handed in. */
export function streamReceiver({ kinesis: api, deadLetter }: StreamDeps) {
  return <R extends Records>(
    contract: StreamContract<string, R>,
    rule: (batch: StreamBatch<R>) => Promise<unknown>,
    { horizon = usualHorizon }: StreamOptions = {},
  ) => {
    const memory = createStreamMemory(api, horizon);
    return (batch: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> =>
      within(toInvocation(context), async () => {
        const [first] = batch.Records;
        const last = batch.Records.at(-1);
        if (!first || !last) return { batchItemFailures: [] };
        const shardId = shardOf(first);
        const admitted: string[] = [];
        let forget = (): void => undefined;
        try {
          const seen = await memory.before(batch.Records);
          forget = () => admitted.forEach((id) => seen.forget(id));
          const events: StreamEvent<R>[] = [];
          let duplicates = 0;
          for (const record of batch.Records) {
            for (const line of await unpack(record, deadLetter)) {
              const checked = contract.check(parse(line));
              if ('problem' in checked) await deadLetter(toPoison(record, 'BREAKS_CONTRACT', checked.problem, line));
              else if (seen.admits(checked.event.id)) {
                admitted.push(checked.event.id);
                events.push(checked.event);
              } else duplicates += 1;
            }
          }
          await rule({ events, duplicates, shardId, sequenceNumber: last.kinesis.sequenceNumber });
          memory.taken(batch.Records);
          return { batchItemFailures: [] };
        } catch (error) {
          forget();
          log.error('A part of a stream failed, and will come again', { shardId }, error);
          return { batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] };
        }
      });
  };
}

/** The events of a record; one that cannot be unpacked is put aside as it is. */
async function unpack(record: KinesisStreamRecord, deadLetter: StreamDeps['deadLetter']): Promise<string[]> {
  try {
    return linesOf(Buffer.from(record.kinesis.data, 'base64'));
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    await deadLetter(toPoison(record, error.code, error.message, record.kinesis.data));
    return [];
  }
}

function toPoison(record: KinesisStreamRecord, code: string, problem: string, bytes: string): PoisonEvent {
  return { code, problem, shardId: shardOf(record), sequenceNumber: record.kinesis.sequenceNumber, bytes: bytes.slice(0, mostPoison) };
}

function shardOf(record: KinesisStreamRecord): string {
  return placeOf(record).ShardId;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The dead-letter queue that the environment names. */
function toQueue({ sendMessage }: Pick<Sqs, 'sendMessage'>) {
  return async ({ code, problem, ...poison }: PoisonEvent): Promise<void> => {
    log.error('An event of a stream can never be taken, and went to the dead-letter queue', { code, shardId: poison.shardId });
    const attributes = { ERROR_CODE: code, ERROR_MESSAGE: problem.slice(0, 1024) || '-' };
    await sendMessage({
      QueueUrl: variable('DEAD_LETTER_QUEUE_URL'),
      MessageBody: JSON.stringify({ code, problem, ...poison }),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value.replaceAll(/\p{Cc}/gu, ' ') }]),
      ),
    });
  };
}
