import { linesOf } from '@larder/streaming/frame';
import { Horizon } from '@larder/streaming/horizon';
import type { ListShardsCommandInput, Shard } from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { Kinesis } from './aws/kinesis.ts';
import { isLater } from '@larder/streaming/sequence-number';

/** How far back what comes again is recognised. */
export interface HorizonSize {
  /** Ids that are remembered of a shard. */
  readonly ids: number;
  /** Of what another environment has read: so many seconds, */
  readonly seconds: number;
  /** and no more bytes of a shard. */
  readonly bytes: number;
}

interface StreamPlace {
  readonly StreamARN: string;
  readonly ShardId: string;
}

/** A page has 1,000 shards: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
const mostPages = 20;

export const usualHorizon: HorizonSize = { ids: 200_000, seconds: 60, bytes: 16 * 1024 * 1024 };

/** What is asked of a stream that is read again. */
export type StreamReads = Pick<Kinesis, 'getShardIterator' | 'getRecords' | 'listShards'>;

/** What came before a batch in its shard. */
export interface StreamMemory {
  /** The ids that came before a batch. Has to be told how the batch ended. */
  before(records: readonly KinesisStreamRecord[]): Promise<Horizon>;
  /** A batch was taken: what comes next comes after it. */
  taken(records: readonly KinesisStreamRecord[]): void;
}

/**
 * Remembers the ids of a shard. Lambda may give a shard to one environment now and to another one later, or give a batch once more; what this environment has not seen, or has seen already, it
 * reads again: the stream itself is what is remembered. What came before in a shard that was split or merged came before in those that it became.
 */
export function createStreamMemory(kinesis: StreamReads, size: HorizonSize): StreamMemory {
  const shards = new Map<string, { last: string; readonly seen: Horizon }>();

  /** Whether a record is the first after another in its shard. */
  const follows = async (first: KinesisStreamRecord, last: string): Promise<boolean> => {
    const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last } as const;
    const { ShardIterator } = await kinesis.getShardIterator({ ...placeOf(first), ...after });
    const { Records: [next] = [] } = await kinesis.getRecords({ ShardIterator, Limit: 1 });
    return next?.SequenceNumber === first.kinesis.sequenceNumber;
  };

  /** A shard's ids up to a record, or all of them. */
  const readShard = async (seen: Horizon, { StreamARN, ShardId }: StreamPlace, Timestamp: Date, until?: string): Promise<void> => {
    let { ShardIterator } = await kinesis.getShardIterator({ StreamARN, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
    for (let bytes = 0; ShardIterator !== undefined && bytes < size.bytes;) {
      const { Records = [], NextShardIterator } = await kinesis.getRecords({ ShardIterator });
      for (const { SequenceNumber = '', Data = new Uint8Array() } of Records) {
        if (until !== undefined && !isLater(until, SequenceNumber)) return;
        bytes += Data.byteLength;
        for (const id of idsOf(Data)) seen.admits(id);
      }
      if (Records.length === 0) return;
      ShardIterator = NextShardIterator;
    }
  };

  const readAgain = async (first: KinesisStreamRecord): Promise<Horizon> => {
    const seen = new Horizon(size.ids);
    const { StreamARN, ShardId } = placeOf(first);
    const begin = new Date((first.kinesis.approximateArrivalTimestamp - size.seconds) * 1000);
    for (const before of ancestors(ShardId, await listShards(StreamARN, begin))) {
      await readShard(seen, { StreamARN, ShardId: before }, begin);
      shards.delete(before);
    }
    await readShard(seen, { StreamARN, ShardId }, begin, first.kinesis.sequenceNumber);
    return seen;
  };

  /** Shards that took records at some time or later. */
  const listShards = async (StreamARN: string, Timestamp: Date): Promise<Shard[]> => {
    const found: Shard[] = [];
    let input: ListShardsCommandInput = { StreamARN, ShardFilter: { Type: 'FROM_TIMESTAMP', Timestamp } };
    for (let page = 0; page < mostPages; page += 1) {
      const { Shards = [], NextToken } = await kinesis.listShards(input);
      found.push(...Shards);
      if (NextToken === undefined) break;
      input = { NextToken };
    }
    return found;
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

/** The shards that a shard was made of, and those that these were made of, the oldest first; only of those given. */
function ancestors(shardId: string, shards: readonly Shard[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string | undefined): void => {
    const shard = shards.find(({ ShardId }) => ShardId === id);
    if (!shard?.ShardId || found.has(shard.ShardId)) return;
    visit(shard.ParentShardId);
    visit(shard.AdjacentParentShardId);
    if (id !== shardId) found.add(shard.ShardId);
  };
  visit(shardId);
  return found;
}

/** `arn:aws:kinesis:eu-west-1:123456789012:stream/page-events` and `shardId-000000000006:49590…` */
export function placeOf({ eventSourceARN, eventID }: KinesisStreamRecord): StreamPlace {
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
