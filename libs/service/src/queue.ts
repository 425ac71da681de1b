import type { SQSRecord } from 'aws-lambda';
import { type Sqs, sqs } from './aws/sqs.ts';
import { optionalVariable, variable } from './environment.ts';

/** Why a message went to the dead-letter queue. */
export interface DeadLetterReason {
  /** Stable: `BREAKS_CONTRACT`. */
  readonly code: string;
  readonly message: string;
}

/** What `onEvent` asks of its own queue. */
export interface Queue {
  /** Sends a message that can never succeed to the dead-letter queue, with the reason as attributes. */
  deadLetter(record: SQSRecord, reason: DeadLetterReason, functionName: string): Promise<void>;
  /** Makes messages visible again after so many seconds. */
  delay(delays: readonly { readonly record: SQSRecord; readonly seconds: number }[]): Promise<void>;
}

/** The queue that the environment names. */
export function createQueue({ changeMessageVisibilityBatch, sendMessage }: Sqs = sqs): Queue {
  return {
    async deadLetter(record, reason, functionName) {
      const group = record.attributes.MessageGroupId;
      const attributes = {
        ERROR_CODE: reason.code,
        ERROR_MESSAGE: reason.message.slice(0, 1024),
        MESSAGE_ID: record.messageId,
        FUNCTION_NAME: functionName,
      };
      const trace = record.attributes.AWSTraceHeader;
      await sendMessage({
        QueueUrl: variable('DEAD_LETTER_QUEUE_URL'),
        MessageBody: record.body || ' ',
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: printable(value) }]),
        ),
        ...(trace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }),
        ...(group && { MessageGroupId: group, MessageDeduplicationId: record.messageId }),
      });
    },
    async delay(delays) {
      const url = optionalVariable('QUEUE_URL');
      if (!url) return;
      for (let start = 0; start < delays.length; start += 10) {
        const Entries = delays.slice(start, start + 10).map(({ record, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: seconds,
        }));
        await changeMessageVisibilityBatch({ QueueUrl: url, Entries }, { within: 500 });
      }
    },
  };
}

/** SQS refuses attributes that are empty or hold control characters. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ') || '-';
}
