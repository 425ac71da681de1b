import { AwsError } from '../kernel/aws-error.ts';
import type { Permission } from '../kernel/call.ts';
import { type Operation, read } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createIterators } from './iterators.ts';
import { sequenceNumber, sequenceOf, shardId, shardNumber } from './ids.ts';
import type { NewRecord, Put, Shard, Streams } from './streams.ts';

type Input = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const mostRecords = 500;
const mostBytes = 10 * 1024 * 1024;

/** On demand a stream begins with so many shards. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const onDemandShards = 4;

/** The operations of Kinesis Data Streams. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
export function kinesisOperations(kernel: Kernel, streams: Streams): Readonly<Record<string, Operation>> {
  const iterators = createIterators(kernel);
  const arnOf = (name: string) => `arn:${kernel.partition}:kinesis:${kernel.region}:${kernel.accountId}:stream/${name}`;
  const nameOf = (input: Input): string => {
    const arn = read.optionalText(input, 'StreamARN');
    if (arn !== undefined) return arn.split('stream/')[1] ?? '';
    return read.text(input, 'StreamName');
  };
  const permitted =
    (action: string) =>
    (input: Input): readonly Permission[] => [{ action: `kinesis:${action}`, resource: arnOf(nameIn(input)) }];
  /** Who may do something is asked before anything is checked. */
  const nameIn = (input: Input): string => {
    const iterator = typeof input['ShardIterator'] === 'string' ? iterators.peek(input['ShardIterator']) : undefined;
    const arn = typeof input['StreamARN'] === 'string' ? input['StreamARN'].split('stream/')[1] : undefined;
    return iterator ?? arn ?? String(input['StreamName'] ?? '*');
  };
  const operation = (action: string, run: (input: Input) => object): Operation => ({ permissions: permitted(action), run });

  const summary = (name: string) => {
    const { mode, retentionHours, created } = streams.find(name);
    return {
      StreamName: name,
      StreamARN: arnOf(name),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: mode },
      RetentionPeriodHours: retentionHours,
      StreamCreationTimestamp: created / 1000,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    };
  };
  const resharded = (name: string, before: number) => ({
    StreamName: name,
    StreamARN: arnOf(name),
    CurrentShardCount: before,
    TargetShardCount: openOf(streams.shards(name)).length,
  });

  return {
    CreateStream: operation('CreateStream', (input) => {
      const mode = (input['StreamModeDetails'] as { StreamMode?: string } | undefined)?.StreamMode ?? 'PROVISIONED';
      if (mode !== 'PROVISIONED' && mode !== 'ON_DEMAND') throw new AwsError('ValidationException', `There is no stream mode ${mode}.`);
      const name = read.text(input, 'StreamName');
      if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name))
        throw new AwsError('ValidationException', 'A stream is named by 1 to 128 of a-z, A-Z, 0-9, _, . and -.');
      streams.create(name, mode, mode === 'ON_DEMAND' ? onDemandShards : countIn(input, 'ShardCount'));
      return {};
    }),
    DeleteStream: operation('DeleteStream', (input) => (streams.remove(nameOf(input)), {})),
    DescribeStreamSummary: operation('DescribeStreamSummary', (input) => {
      const name = nameOf(input);
      return { StreamDescriptionSummary: { ...summary(name), OpenShardCount: openOf(streams.shards(name)).length, ConsumerCount: 0 } };
    }),
    DescribeStream: operation('DescribeStream', (input) => {
      const name = nameOf(input);
      return { StreamDescription: { ...summary(name), Shards: streams.shards(name).map(toShard), HasMoreShards: false } };
    }),
    ListStreams: operation('ListStreams', () => {
      const all = streams.all().map(({ name }) => name);
      const summaries = all.map((name) => ({ StreamName: name, StreamARN: arnOf(name), StreamStatus: 'ACTIVE' }));
      return { StreamNames: all, StreamSummaries: summaries, HasMoreStreams: false };
    }),
    ListShards: operation('ListShards', (input) => ({ Shards: streams.shards(nameOf(input)).map(toShard) })),
    UpdateShardCount: operation('UpdateShardCount', (input) => {
      const name = nameOf(input);
      const before = openOf(streams.shards(name)).length;
      streams.scale(name, countIn(input, 'TargetShardCount'));
      return resharded(name, before);
    }),
    UpdateStreamMode: operation('UpdateStreamMode', (input) => {
      const mode = (input['StreamModeDetails'] as { StreamMode?: string } | undefined)?.StreamMode;
      streams.change(nameOf(input), { mode: mode === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED' });
      return {};
    }),
    SplitShard: operation('SplitShard', (input) => {
      streams.split(nameOf(input), shardNumber(input['ShardToSplit']), keyIn(input, 'NewStartingHashKey'));
      return {};
    }),
    MergeShards: operation('MergeShards', (input) => {
      streams.merge(nameOf(input), shardNumber(input['ShardToMerge']), shardNumber(input['AdjacentShardToMerge']));
      return {};
    }),
    IncreaseStreamRetentionPeriod: operation('IncreaseStreamRetentionPeriod', (input) => retain(input)),
    DecreaseStreamRetentionPeriod: operation('DecreaseStreamRetentionPeriod', (input) => retain(input)),
    PutRecord: operation('PutRecord', (input) => {
      const [put] = streams.put(nameOf(input), [toRecord(input)]);
      if (!put || 'throttled' in put) throw throttled(put?.throttled ?? 0, nameOf(input));
      return { ShardId: shardId(put.shard), SequenceNumber: sequenceNumber(put.sequence) };
    }),
    PutRecords: operation('PutRecords', (input) => {
      const given = read.list(input, 'Records') as readonly Input[];
      if (given.length === 0 || given.length > mostRecords)
        throw new AwsError('ValidationException', `PutRecords takes 1 to ${mostRecords} records.`);
      const records = given.map(toRecord);
      const bytes = records.reduce((sum, { data, partitionKey }) => sum + data.byteLength + Buffer.byteLength(partitionKey), 0);
      if (bytes > mostBytes) throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
      const name = nameOf(input);
      const puts = streams.put(name, records);
      return { FailedRecordCount: puts.filter((put) => 'throttled' in put).length, Records: puts.map((put) => toEntry(put, name)) };
    }),
    GetShardIterator: operation('GetShardIterator', (input) => {
      const [name, shard] = [nameOf(input), shardNumber(input['ShardId'])];
      return { ShardIterator: iterators.make({ name, shard, after: startIn(name, streams.shard(name, shard), input) }) };
    }),
    GetRecords: operation('GetRecords', (input) => {
      const { name, shard, after } = iterators.read(read.text(input, 'ShardIterator'));
      const { last } = streams.shard(name, shard);
      const found = streams.read(name, shard, after, Math.min(read.optionalNumber(input, 'Limit') ?? 10_000, 10_000));
      const reached = found.at(-1)?.sequence ?? after;
      const ended = last !== undefined && streams.read(name, shard, reached, 1).length === 0;
      return {
        Records: found.map(({ sequence, partitionKey, data, arrived }) => ({
          SequenceNumber: sequenceNumber(sequence),
          PartitionKey: partitionKey,
          Data: Buffer.from(data).toString('base64'),
          ApproximateArrivalTimestamp: arrived / 1000,
        })),
        ...(!ended && { NextShardIterator: iterators.make({ name, shard, after: reached }) }),
        MillisBehindLatest: 0,
        ...(ended && {
          ChildShards: streams
            .shards(name)
            .filter(({ parents }) => parents.includes(shard))
            .map(toShard),
        }),
      };
    }),
  };

  function retain(input: Input): object {
    const hours = countIn(input, 'RetentionPeriodHours');
    if (hours < 24 || hours > 8760) throw new AwsError('InvalidArgumentException', 'A stream keeps records for 24 to 8,760 hours.');
    streams.change(nameOf(input), { retentionHours: hours });
    return {};
  }

  /** The sequence after which an iterator begins. */
  function startIn(name: string, shard: Shard, input: Input): number {
    const type = read.text(input, 'ShardIteratorType');
    switch (type) {
      case 'TRIM_HORIZON':
        return shard.first;
      case 'LATEST':
        return streams.newest(name, shard.number);
      case 'AFTER_SEQUENCE_NUMBER':
        return sequenceOf(input['StartingSequenceNumber']);
      case 'AT_SEQUENCE_NUMBER':
        return sequenceOf(input['StartingSequenceNumber']) - 1;
      case 'AT_TIMESTAMP':
        return streams.before(name, shard.number, (read.optionalNumber(input, 'Timestamp') ?? 0) * 1000);
      default:
        throw new AwsError('InvalidArgumentException', `There is no iterator of type ${type.slice(0, 40)}.`);
    }
  }
}

/** A shard of 1 MB and its key at most. */
function toRecord(input: Input): NewRecord {
  const partitionKey = read.text(input, 'PartitionKey');
  const data = Buffer.from(String(input['Data'] ?? ''), 'base64');
  if (partitionKey.length > 256) throw new AwsError('ValidationException', 'A partition key has 1 to 256 characters.');
  if (data.byteLength > mostBytes) throw new AwsError('ValidationException', 'A record has 10 MiB at most.');
  const explicitHashKey = input['ExplicitHashKey'] === undefined ? undefined : String(keyIn(input, 'ExplicitHashKey'));
  return { partitionKey, explicitHashKey, data };
}

function toEntry(put: Put, name: string): object {
  if ('throttled' in put) {
    const { code, message } = throttled(put.throttled, name);
    return { ErrorCode: code, ErrorMessage: message };
  }
  return { ShardId: shardId(put.shard), SequenceNumber: sequenceNumber(put.sequence) };
}

function throttled(shard: number, name: string): AwsError {
  return new AwsError('ProvisionedThroughputExceededException', `Rate exceeded for shard ${shardId(shard)} in stream ${name}.`);
}

function toShard({ number, start, end, parents, first, last }: Shard): object {
  const [parent, adjacent] = parents;
  return {
    ShardId: shardId(number),
    ...(parent !== undefined && { ParentShardId: shardId(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardId(adjacent) }),
    HashKeyRange: { StartingHashKey: String(start), EndingHashKey: String(end) },
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(first),
      ...(last !== undefined && { EndingSequenceNumber: sequenceNumber(last) }),
    },
  };
}

function openOf(shards: readonly Shard[]): readonly Shard[] {
  return shards.filter(({ last }) => last === undefined);
}

function countIn(input: Input, name: string): number {
  const count = read.optionalNumber(input, name);
  if (count !== undefined && Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new AwsError('InvalidArgumentException', `${name} must be a whole number from 1 to 10,000.`);
}

function keyIn(input: Input, name: string): bigint {
  const text = read.text(input, name);
  const key = /^\d{1,39}$/.test(text) ? BigInt(text) : -1n;
  if (key >= 0n && key < 1n << 128n) return key;
  throw new AwsError('InvalidArgumentException', `${name} must be a whole number of 128 bits.`);
}
