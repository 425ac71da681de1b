import type { Engine } from '../kernel/engine.ts';
import { generatedName } from '../kernel/generated-name.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { StreamPort, StreamRecord } from '../kernel/ports.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import { openDatabase } from './database.ts';
import { kinesisOperations, onDemandShards } from './operations.ts';
import { sequenceNumber, sequenceOf, shardId, shardNumber } from './ids.ts';
import { createStreams, type StoredRecord, type Streams } from './streams.ts';

export interface KinesisEngine extends Engine {
  readonly streams: StreamPort;
}

/** Kinesis Data Streams. State in `<stateDirectory>/kinesis.sqlite`. */
export async function createKinesis(kernel: Kernel): Promise<KinesisEngine> {
  const database = openDatabase(kernel.stateDirectory);
  const streams = createStreams(kernel, database);
  const api = { signingName: 'kinesis', targetPrefix: 'Kinesis_20131202', jsonVersion: '1.1' } as const;
  return {
    services: [jsonService(api, kinesisOperations(kernel, streams))],
    resourceTypes: [streamType(kernel, streams)],
    streams: streamPort(streams),
    close: async () => database.sql.close(),
  };
}

/** The streams as event source mappings read them. */
function streamPort(streams: Streams): StreamPort {
  const nameOf = (arn: string): string => arn.split(':stream/')[1] ?? '';
  const startOf = (name: string, shard: number, after: string): number =>
    after === 'TRIM_HORIZON' ? streams.shard(name, shard).first : after === 'LATEST' ? streams.newest(name, shard) : sequenceOf(after);
  return {
    owns: (arn) => /^arn:aws[^:]*:kinesis:[^:]*:[^:]*:stream\//.test(arn) && streams.exists(nameOf(arn)),
    shards: async (arn) => (streams.exists(nameOf(arn)) ? streams.shards(nameOf(arn)).map(({ number }) => shardId(number)) : []),
    lineage: (arn, shard) => {
      const { parents, last } = streams.shard(nameOf(arn), shardNumber(shard));
      return { parents: parents.map(shardId), closed: last !== undefined };
    },
    async read(arn, shard, after, limit) {
      const [name, number] = [nameOf(arn), shardNumber(shard)];
      return streams.read(name, number, startOf(name, number, after), limit).map((record) => toEntry(arn, shard, record));
    },
    latest: async (arn, shard) => sequenceNumber(streams.newest(nameOf(arn), shardNumber(shard))),
    onRecords: (arn, listener) => streams.listen(nameOf(arn), listener),
  };
}

/** A record as a Lambda event carries it: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
function toEntry(arn: string, shard: string, { sequence, partitionKey, data, arrived }: StoredRecord): StreamRecord {
  const SequenceNumber = sequenceNumber(sequence);
  const kinesis = {
    kinesisSchemaVersion: '1.0',
    partitionKey,
    sequenceNumber: SequenceNumber,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: arrived / 1000,
  };
  const entry = {
    kinesis,
    eventVersion: '1.0',
    eventID: `${shard}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSourceARN: arn,
  };
  return { sequenceNumber: SequenceNumber, arrivedAt: arrived, sizeBytes: data.byteLength, entry };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
function streamType(kernel: Kernel, streams: Streams): ResourceType {
  return {
    type: 'AWS::Kinesis::Stream',
    apply: async (request) => {
      const { properties } = request;
      const name = String(properties['Name'] ?? generatedName(request, 128));
      const count = Number(properties['ShardCount'] ?? 1);
      const asked = (properties['StreamModeDetails'] as { StreamMode?: string } | undefined)?.StreamMode;
      const mode = asked === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED';
      if (!streams.exists(name)) streams.create(name, mode, mode === 'ON_DEMAND' ? onDemandShards : count);
      // On demand the number of shards is not the template's.
      else if (mode === 'PROVISIONED') streams.scale(name, count);
      streams.change(name, { mode, retentionHours: Number(properties['RetentionPeriodHours'] ?? 24) });
      return {
        physicalId: name,
        attributes: { Arn: `arn:${kernel.partition}:kinesis:${kernel.region}:${kernel.accountId}:stream/${name}` },
      };
    },
    remove: async (physicalId) => {
      if (streams.exists(physicalId)) streams.remove(physicalId);
    },
  };
}
