import type { Accepted } from './store.ts';
import type { Target } from './functions.ts';
import type { Ran } from './invoker.ts';
import type { Mapping } from './mapping.ts';
import type { Discarded } from './stream-lane.ts';

/**
 * What a destination is sent of an asynchronous invocation.
 * @param now milliseconds since 1970
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function toInvocationRecord(
  now: number,
  accepted: Accepted,
  { fn, qualifier }: Target,
  condition: string,
  ran: Ran | undefined,
): object {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: { requestId: accepted.id, functionArn: `${fn.arn}:${qualifier}`, condition, approximateInvokeCount: accepted.attempts },
    requestPayload: JSON.parse(accepted.payload) as unknown,
    ...responseOf(ran),
    ...(ran && { responsePayload: JSON.parse(ran.payload) as unknown }),
  };
}

/** Metadata only: the records themselves are read from the stream while it keeps them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
export function toBatchRecord(
  now: number,
  mapping: Mapping,
  service: 'kinesis' | 'dynamodb',
  functionArn: string,
  discarded: Discarded,
): object {
  const { shardId, records, condition, attempts, ran } = discarded;
  const first = records[0];
  const last = records.at(-1);
  const moment = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    requestContext: { requestId: ran?.requestId, functionArn, condition, approximateInvokeCount: attempts },
    ...responseOf(ran),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    [service === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: moment(first?.arrivedAt),
      approximateArrivalOfLastRecord: moment(last?.arrivedAt),
      batchSize: records.length,
      streamArn: mapping.sourceArn,
    },
  };
}

function responseOf(ran: Ran | undefined): object {
  if (ran === undefined) return {};
  const failure = ran.kind === 'ok' ? {} : { functionError: 'Unhandled' };
  return { responseContext: { statusCode: 200, executedVersion: ran.executedVersion, ...failure } };
}
