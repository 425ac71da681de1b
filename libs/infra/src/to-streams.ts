import { getAtt, ref } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetterQueueId, foreignStreamParameter, functionId, logicalPrefix, path, streamArnPath } from './naming.ts';
import { publisherKey } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

/** The Kinesis streams of `resources.yml` with what every stream gets. What a stream says itself wins. */
export function toStreams({ name, stage, streams, production }: Service): Resources {
  const defaults = (stream: Resource): Record<string, Value> => ({
    // Without shards of its own it grows and shrinks by itself.
    ...(stream.Properties?.['ShardCount'] === undefined && { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  });
  const policy = production ? 'Retain' : 'Delete';
  return Object.fromEntries(
    Object.entries(streams).flatMap(([id, stream]): [string, Resource][] => [
      [id, { DeletionPolicy: policy, UpdateReplacePolicy: policy, ...stream, Properties: { ...defaults(stream), ...stream.Properties } }],
      [
        `${id}StreamArnParameter`,
        {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: path(stage, streamArnPath(name, id)), Type: 'String', Value: getAtt(id, 'Arn') },
        },
      ],
    ]),
  );
}

/** The ARN of a stream that a function reads. Another service's is looked up when the stack is deployed. */
export const streamArn = (stream: string): Value => (stream.includes('.') ? ref(foreignStreamParameter(stream)) : getAtt(stream, 'Arn'));

/** From the streams that a function reads, those of tables and those of Kinesis, to the function. */
export function toStreamMappings(fn: ServiceFunction): Resources {
  // What expires in the outbox leaves it as a change too, and is of no interest.
  const inserts = { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }] } };
  const changes = fn.tableChanges.map((table) => toMapping(fn, table, getAtt(table, 'StreamArn'), fn.key === publisherKey ? inserts : {}));
  // A record is a frame, of hundreds of events.
  const records = fn.streamRecords.map((stream) =>
    toMapping(fn, stream.replaceAll('.', ''), streamArn(stream), { MaximumBatchingWindowInSeconds: 1 }),
  );
  return Object.fromEntries([...changes, ...records]);
}

function toMapping(fn: ServiceFunction, source: string, arn: Value, more: Readonly<Record<string, Value>>): [string, Resource] {
  const Properties = {
    EventSourceArn: arn,
    FunctionName: ref(functionId(fn.key)),
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 100,
    // Without these a record that cannot be handled stops its shard until it expires.
    // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    MaximumRetryAttempts: 30,
    MaximumRecordAgeInSeconds: 6 * 60 * 60,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: getAtt(deadLetterQueueId(fn.key), 'Arn') } },
    ...more,
  };
  return [`${logicalPrefix(fn.key)}${source}Mapping`, { Type: 'AWS::Lambda::EventSourceMapping', Properties }];
}
