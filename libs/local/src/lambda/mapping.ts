import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import { destinationOf } from './event-configuration.ts';
import { toFilter, type Filter } from './filter.ts';
import { within } from './within.ts';

/** An event source mapping: from where to which function, and how. Durations in milliseconds. */
export interface Mapping {
  readonly uuid: string;
  /** As the template names it: with a qualifier or without. */
  readonly functionName: string;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly filter: Filter | undefined;
  /** `ReportBatchItemFailures`. */
  readonly partialAnswers: boolean;
  /** Queues: how many batches at once. Undefined: as many as the function runs. */
  readonly maximumConcurrency: number | undefined;
  /** Streams. */
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  readonly startingAt: number | undefined;
  readonly parallelization: number;
  /** Infinity: until the record is gone. */
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeMs: number;
  readonly bisect: boolean;
  readonly onFailureArn: string | undefined;
  /** What the template said, for the API. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An event source that is being read. */
export interface Reader {
  /** Takes nothing new; what is with the function goes on. */
  stop(): void;
  /** Of a stream: how long ago the oldest record arrived that is not done; 0 when all are. Lambda's metric `IteratorAge`, in milliseconds. */
  behindMs?(): Promise<number>;
}

/**
 * Reads the properties of an `AWS::Lambda::EventSourceMapping`.
 * @param functionArn without a qualifier: with the source it makes the mapping's id, which its positions are kept under
 * @throws {AwsError} `InvalidParameterValueException` with what Lambda would refuse.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function toMapping(properties: Readonly<Record<string, unknown>>, functionArn: string): Mapping {
  const sourceArn = properties['EventSourceArn'];
  if (typeof sourceArn !== 'string') throw invalid('Only queues and streams run on the laptop: the mapping needs EventSourceArn.');
  const source = sourceArn.split(':')[2];
  if (source !== 'sqs' && source !== 'dynamodb' && source !== 'kinesis')
    throw invalid(`${sourceArn} is no queue and no stream: other event sources do not run on the laptop.`);
  const stream = source !== 'sqs';
  const fifo = sourceArn.endsWith('.fifo');
  const tumbling = properties['TumblingWindowInSeconds'];
  if (tumbling !== undefined && tumbling !== 0) throw invalid('TumblingWindowInSeconds does not run on the laptop.');
  const windowSeconds = within(properties, 'MaximumBatchingWindowInSeconds', 0, 0, 300);
  const batchSize = within(properties, 'BatchSize', stream ? 100 : 10, 1, 10_000);
  if (fifo && batchSize > 10) throw invalid('Maximum batch size for FIFO queues is 10.');
  if (fifo && windowSeconds > 0) throw invalid('Batching window is not supported for FIFO queues.');
  if (!stream && batchSize > 10 && windowSeconds < 1)
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  const position = properties['StartingPosition'];
  if (stream && position !== 'TRIM_HORIZON' && position !== 'LATEST' && position !== 'AT_TIMESTAMP')
    throw invalid('StartingPosition must be TRIM_HORIZON, LATEST or AT_TIMESTAMP for a stream.');
  const scaling = (properties['ScalingConfig'] as Record<string, unknown> | undefined) ?? {};
  return {
    uuid: uuidOf(`${functionArn}|${sourceArn}`),
    functionName: String(properties['FunctionName']),
    sourceArn,
    enabled: String(properties['Enabled'] ?? true) !== 'false',
    batchSize,
    windowMs: windowSeconds * 1000,
    filter: toFilter(properties['FilterCriteria']),
    partialAnswers: (properties['FunctionResponseTypes'] as readonly unknown[] | undefined)?.includes('ReportBatchItemFailures') ?? false,
    maximumConcurrency: scaling['MaximumConcurrency'] === undefined ? undefined : within(scaling, 'MaximumConcurrency', 2, 2, 1000),
    startingPosition: position === 'LATEST' || position === 'AT_TIMESTAMP' ? position : 'TRIM_HORIZON',
    startingAt: properties['StartingPositionTimestamp'] === undefined ? undefined : Number(properties['StartingPositionTimestamp']) * 1000,
    parallelization: within(properties, 'ParallelizationFactor', 1, 1, 10),
    maximumRetryAttempts: endless(within(properties, 'MaximumRetryAttempts', -1, -1, 10_000)),
    maximumRecordAgeMs: endless(within(properties, 'MaximumRecordAgeInSeconds', -1, -1, 604_800)) * 1000,
    bisect: String(properties['BisectBatchOnFunctionError']) === 'true',
    onFailureArn: destinationOf(properties['DestinationConfig'], 'OnFailure'),
    properties,
  };
}

function endless(number: number): number {
  return number < 0 ? Infinity : number;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
