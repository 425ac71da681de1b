import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { Unprocessable } from './errors.ts';
import { type Cause, toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import { createQueue, type DeadLetterReason, type Queue } from './queue.ts';
import { toTraceparent } from './trace.ts';

/** An object that was put into a bucket of the service's own. */
export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Of its content, without quotes. */
  readonly etag: string;
  /** When it was put there. */
  readonly time: Date;
  readonly cause: Cause;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const notification = z.object({
  Records: z.array(
    z.object({
      eventTime: z.string(),
      responseElements: z.optional(z.record(z.string(), z.string())),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), size: z.optional(z.number()), eTag: z.optional(z.string()) }),
      }),
    }),
  ),
});
/** What S3 sends when the queue is named for the first time. */
const test = z.object({ Event: z.literal('s3:TestEvent') });

/**
 * Takes what is put into a bucket, from the queue that the bucket tells (an SQS mapping with `ReportBatchItemFailures`). An object can come twice, and may be gone by then.
 *
 * What can never succeed (no notification of S3, a rule that throws {@link Unprocessable}) goes to the dead-letter queue at once, with the reason. Anything else that throws
 * comes again after the queue's visibility timeout, until its `maxReceiveCount`.
 */
export const onBucketChange = /* @__PURE__ */ bucketReceiver({ queue: createQueue() });

/** {@link onBucketChange} with its world handed in. */
export function bucketReceiver({ queue }: { queue: Pick<Queue, 'deadLetter'> }) {
  return (rule: (object: NewObject) => Promise<unknown>) =>
    async (batch: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
      const invocation = toInvocation(context);
      const failed: string[] = [];
      for (const record of batch.Records) {
        const traceHeader = record.attributes.AWSTraceHeader ?? invocation.traceHeader;
        const known = { ...invocation, traceHeader, correlationId: record.messageId, causationId: record.messageId };
        await within(known, async () => {
          try {
            for (const object of read(record, traceHeader)) await rule(object);
          } catch (error) {
            if (error instanceof Unprocessable) return bury(error, record, invocation.functionName);
            log.error('An object could not be taken, and will come again', { messageId: record.messageId }, error);
            failed.push(record.messageId);
          }
        });
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };

      async function bury(reason: DeadLetterReason, record: SQSRecord, functionName: string): Promise<void> {
        try {
          await queue.deadLetter(record, reason, functionName);
          log.error('An object can never be taken, and its notice went to the dead-letter queue', { code: reason.code }, reason);
        } catch (error) {
          log.error('An object can never be taken, and its notice could not be sent to the dead-letter queue', {}, error);
          failed.push(record.messageId);
        }
      }
    };
}

function read({ body, messageId }: SQSRecord, traceHeader: string | undefined): NewObject[] {
  const sent = parse(body);
  if (test.safeParse(sent).success) return [];
  const parsed = notification.safeParse(sent);
  if (!parsed.success) throw new Unprocessable('The message is no notification of S3');
  return parsed.data.Records.map(({ eventTime, responseElements, s3: { bucket, object } }) => ({
    bucket: bucket.name,
    // S3 writes keys as a form does: a blank is a plus.
    key: decodeURIComponent(object.key.replaceAll('+', ' ')),
    bytes: object.size ?? 0,
    etag: object.eTag ?? '',
    time: new Date(eventTime),
    cause: {
      correlationId: messageId,
      causationId: responseElements?.['x-amz-request-id'] ?? messageId,
      traceparent: toTraceparent(traceHeader),
    },
  }));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new Unprocessable('The message is no JSON', { cause });
  }
}
