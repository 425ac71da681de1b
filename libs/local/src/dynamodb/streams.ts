import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Call, JsonService } from '../kernel/call.ts';
import type { StreamPort, StreamRecord } from '../kernel/ports.ts';
import { validationError } from './dynalite.ts';
import { positionOf, type Records, sequenceNumber, type StoredRecord } from './records.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** Every stream here has one shard, which is never closed: order holds for the whole table, more than AWS promises. */
const shardId = 'shardId-00000000000000000001-00000001';

/** The streams as event source mappings read them. */
export function streamPort(tables: Tables, records: Records): StreamPort {
  return {
    owns: (streamArn) => /^arn:aws:dynamodb:[^:]*:[^:]*:table\/[^/]+\/stream\//.test(streamArn),
    shards: async (streamArn) => (tableOf(tables, streamArn) ? [shardId] : []),
    async read(streamArn, _shardId, after, limit) {
      const position = after === 'TRIM_HORIZON' ? 0n : after === 'LATEST' ? records.newest(streamArn) : positionOf(after);
      return records.read(streamArn, position, limit).map((record) => toEntry(streamArn, record));
    },
    latest: async (streamArn) => sequenceNumber(records.newest(streamArn)),
    onRecords: (streamArn, listener) => records.listen(streamArn, listener),
  };
}

/** The API of DynamoDB Streams. */
export function streamsService(tables: Tables, records: Records): JsonService {
  const iterators = createIterators();
  const operations: Record<string, (input: Record<string, unknown>) => object> = {
    ListStreams(input) {
      const only = input['TableName'];
      const streams = [...tables.all()].filter((table) => hasStream(table) && (only === undefined || table.description.TableName === only));
      return { Streams: streams.map(({ description }) => identity(description.TableName, description)) };
    },
    DescribeStream(input) {
      const table = needed(tables, input['StreamArn']);
      const { description } = table;
      const start = sequenceNumber(records.trimHorizon(description.LatestStreamArn!) + 1n);
      return {
        StreamDescription: {
          ...identity(description.TableName, description),
          StreamStatus: description.StreamSpecification?.StreamEnabled ? 'ENABLED' : 'DISABLED',
          StreamViewType: description.StreamSpecification?.StreamViewType,
          CreationRequestDateTime: Date.parse(`${description.LatestStreamLabel}Z`) / 1000,
          KeySchema: description.KeySchema,
          Shards: [{ ShardId: shardId, SequenceNumberRange: { StartingSequenceNumber: start } }],
        },
      };
    },
    GetShardIterator(input) {
      const streamArn = String(input['StreamArn']);
      needed(tables, streamArn);
      if (input['ShardId'] !== shardId)
        throw new AwsError('ResourceNotFoundException', 'Requested resource not found: Shard does not exist');
      return { ShardIterator: iterators.make(streamArn, startOf(records, streamArn, input)) };
    },
    GetRecords(input) {
      const { streamArn, position } = iterators.read(input['ShardIterator']);
      needed(tables, streamArn);
      const limit = Math.min(Number(input['Limit'] ?? 1000), 1000);
      const found = records.read(streamArn, position, limit);
      const last = found.at(-1);
      return {
        Records: found.map(({ record, sequenceNumber: SequenceNumber }) => ({
          ...record,
          dynamodb: { ...record.dynamodb, SequenceNumber },
        })),
        NextShardIterator: iterators.make(streamArn, last ? positionOf(last.sequenceNumber) : position),
      };
    },
  };

  return {
    protocol: 'json',
    signingName: 'dynamodb',
    targetPrefix: 'DynamoDBStreams_20120810',
    jsonVersion: '1.0',
    operations: Object.keys(operations),
    permissions({ operation, input }: Call) {
      const iterator = operation === 'GetRecords' ? iterators.peek(input['ShardIterator']) : undefined;
      return [{ action: `dynamodb:${operation}`, resource: iterator ?? String(input['StreamArn'] ?? '*') }];
    },
    async handle({ operation, input }) {
      const handler = operations[operation];
      if (!handler) throw new AwsError('UnknownOperationException', `DynamoDB Streams has no operation ${operation}`);
      return handler(input);
    },
  };
}

/** A record as a Lambda event carries it: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
function toEntry(streamArn: string, { record, sequenceNumber: SequenceNumber, at, size }: StoredRecord): StreamRecord {
  const { userIdentity, ...rest } = record;
  const entry = {
    ...rest,
    dynamodb: { ...record.dynamodb, SequenceNumber },
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: streamArn,
  };
  return { sequenceNumber: SequenceNumber, arrivedAt: at, sizeBytes: size, entry };
}

/** Iterators carry their own position and say when they were made: they live 15 minutes, and a restart ends them. */
function createIterators(): {
  make(streamArn: string, position: bigint): string;
  read(iterator: unknown): { streamArn: string; position: bigint };
  peek(iterator: unknown): string | undefined;
} {
  const secret = randomUUID();
  const lifeMs = 15 * 60 * 1000;
  const parse = (iterator: unknown): [string, string, string, string] | undefined => {
    const parts = Buffer.from(String(iterator), 'base64url').toString().split('|');
    return parts.length === 4 && parts[0] === secret ? (parts as [string, string, string, string]) : undefined;
  };
  return {
    make: (streamArn, position) => Buffer.from([secret, streamArn, position, Date.now()].join('|')).toString('base64url'),
    read(iterator) {
      const parts = parse(iterator);
      if (!parts) throw validationError('Invalid ShardIterator');
      if (Date.now() - Number(parts[3]) > lifeMs)
        throw new AwsError('ExpiredIteratorException', 'The shard iterator has expired: it lives 15 minutes');
      return { streamArn: parts[1], position: BigInt(parts[2]) };
    },
    peek: (iterator) => parse(iterator)?.[1],
  };
}

function startOf(records: Records, streamArn: string, input: Record<string, unknown>): bigint {
  const sequence = input['SequenceNumber'];
  switch (input['ShardIteratorType']) {
    case 'TRIM_HORIZON':
      return records.trimHorizon(streamArn);
    case 'LATEST':
      return records.newest(streamArn);
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      if (typeof sequence !== 'string' || !/^\d{21}$/.test(sequence)) throw validationError('Invalid SequenceNumber');
      const position = positionOf(sequence) - (input['ShardIteratorType'] === 'AT_SEQUENCE_NUMBER' ? 1n : 0n);
      if (position < records.trimHorizon(streamArn)) {
        throw new AwsError('TrimmedDataAccessException', 'The record is older than 24 hours and has been removed from the stream');
      }
      return position;
    }
    default:
      throw validationError('ShardIteratorType is one of TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER');
  }
}

function hasStream(table: Table): boolean {
  return table.description.LatestStreamArn !== undefined;
}

function tableOf(tables: Tables, streamArn: string): Table | undefined {
  const table = tables.find(streamArn.split('/')[1] ?? '');
  return table?.description.LatestStreamArn === streamArn ? table : undefined;
}

function needed(tables: Tables, streamArn: unknown): Table {
  const table = tableOf(tables, String(streamArn));
  if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${String(streamArn)} not found`);
  return table;
}

function identity(TableName: string, { LatestStreamArn, LatestStreamLabel }: Table['description']): object {
  return { StreamArn: LatestStreamArn, TableName, StreamLabel: LatestStreamLabel };
}
