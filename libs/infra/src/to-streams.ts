import { getAtt, ref } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetterQueueId, functionId, logicalPrefix } from './naming.ts';
import type { Service, ServiceFunction } from './service.ts';

/** The Kinesis streams of `resources.yml` with what every stream gets. What a stream says itself wins. */
export function toStreams({ streams, production }: Service): Resources {
  const defaults = (stream: Resource): Record<string, Value> => ({
    // Without shards of its own it grows and shrinks by itself.
    ...(stream.Properties?.['ShardCount'] === undefined && { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  });
  const policy = production ? 'Retain' : 'Delete';
  return Object.fromEntries(
    Object.entries(streams).map(([id, stream]) => [
      id,
      { DeletionPolicy: policy, UpdateReplacePolicy: policy, ...stream, Properties: { ...defaults(stream), ...stream.Properties } },
    ]),
  );
}

/** From Kinesis streams to a function that reads them. */
export function toRecordMappings(fn: ServiceFunction): Resources {
  const mappings = fn.streamRecords.map((stream): [string, Resource] => [
    `${logicalPrefix(fn.key)}${stream}Mapping`,
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(stream, 'Arn'),
        FunctionName: ref(functionId(fn.key)),
        StartingPosition: 'TRIM_HORIZON',
        // Frames, each of hundreds of events.
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        // Without these a record that cannot be handled stops its shard until it expires.
        // https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
        MaximumRetryAttempts: 30,
        MaximumRecordAgeInSeconds: 6 * 60 * 60,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: getAtt(deadLetterQueueId(fn.key), 'Arn') } },
      },
    },
  ]);
  return Object.fromEntries(mappings);
}
