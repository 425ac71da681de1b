import { linesOf } from '@larder/streaming/frame';
import { Horizon } from '@larder/streaming/horizon';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { Kinesis } from './aws/kinesis.ts';
import { isLater } from '@larder/streaming/sequence-number';

/** How far back what comes again is recognised. */
export interface HorizonSize {
  /** Ids that are remembered of a shard. */
  readonly ids: number;
  /** Of what another environment has read: so many seconds, */
  readonly seconds: number;
  /** and no more bytes. */
  readonly bytes: number;
}

export const usualHorizon: HorizonSize = { ids: 200_000, seconds: 60, bytes: 16 * 1024 * 1024 };

/** What came before a batch in its shard. */
export interface StreamMemory {
  /** The ids that came before a batch. Has to be told how the batch ended. */
  before(records: readonly KinesisStreamRecord[]): Promise<Horizon>;
  /** A batch was taken: what comes next comes after it. */
  taken(records: readonly KinesisStreamRecord[]): void;
}

/**
 * Remembers the ids of a shard. Lambda may give a shard to one environment now and to another one later, or give a batch once more; what this environment has not seen, or has seen already, it
 * reads again: the stream itself is what is remembered.
 */
export function createStreamMemory(kinesis: Pick<Kinesis, 'getShardIterator' | 'getRecords'>, size: HorizonSize): StreamMemory {
  const shards = new Map<string, { last: string; readonly seen: Horizon }>();

  /** Whether a record is the first after another in its shard. */
  const follows = async (first: KinesisStreamRecord, last: string): Promise<boolean> => {
    const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last } as const;
    const { ShardIterator } = await kinesis.getShardIterator({ ...placeOf(first), ...after });
    const { Records: [next] = [] } = await kinesis.getRecords({ ShardIterator, Limit: 1 });
    return next?.SequenceNumber === first.kinesis.sequenceNumber;
  };

  const readAgain = async (first: KinesisStreamRecord): Promise<Horizon> => {
    const seen = new Horizon(size.ids);
    const Timestamp = new Date((first.kinesis.approximateArrivalTimestamp - size.seconds) * 1000);
    let { ShardIterator } = await kinesis.getShardIterator({ ...placeOf(first), ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
    for (let bytes = 0; ShardIterator !== undefined && bytes < size.bytes;) {
      const { Records = [], NextShardIterator } = await kinesis.getRecords({ ShardIterator });
      for (const { SequenceNumber = '', Data = new Uint8Array() } of Records) {
        if (!isLater(first.kinesis.sequenceNumber, SequenceNumber)) return seen;
        bytes += Data.byteLength;
        for (const id of idsOf(Data)) seen.admits(id);
      }
      if (Records.length === 0) return seen;
      ShardIterator = NextShardIterator;
    }
    return seen;
  };

  return {
    async before(records) {
      const [first] = records;
      if (!first) return new Horizon(size.ids);
      const { ShardId } = placeOf(first);
      const known = shards.get(ShardId);
      if (known && isLater(first.kinesis.sequenceNumber, known.last) && (await follows(first, known.last))) return known.seen;
      const seen = await readAgain(first);
      shards.set(ShardId, { last: '', seen });
      return seen;
    },
    taken(records) {
      const last = records.at(-1);
      const known = last && shards.get(placeOf(last).ShardId);
      if (known) known.last = last.kinesis.sequenceNumber;
    },
  };
}

/** `arn:aws:kinesis:eu-west-1:123456789012:stream/page-events` and `shardId-000000000006:49590…` */
export function placeOf({ eventSourceARN, eventID }: KinesisStreamRecord): { readonly StreamARN: string; readonly ShardId: string } {
  return { StreamARN: eventSourceARN, ShardId: eventID.split(':')[0] ?? eventID };
}

/** Of whatever can be read: what cannot was put aside when it came. */
function idsOf(data: Uint8Array): string[] {
  try {
    return linesOf(data).flatMap((line) => {
      const id = /"id":"([^"\\]{1,64})"/.exec(line)?.[1];
      return id === undefined ? [] : [id];
    });
  } catch {
    return [];
  }
}
