import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';
import { checkContents, md5, md5OfAttributes, type MessageAttributes, messageBytes } from './message.ts';
import type { Messages } from './messages.ts';
import { isFifo, milliseconds, type Queue } from './queue.ts';

/** A message as SendMessage, or an entry of SendMessageBatch, asks for it. */
export interface SendRequest {
  readonly MessageBody?: unknown;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: MessageAttributes | undefined;
  readonly MessageSystemAttributes?: MessageAttributes | undefined;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
}

export interface SendResult {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes?: string | undefined;
  readonly MD5OfMessageSystemAttributes?: string | undefined;
  readonly SequenceNumber?: string | undefined;
}

const deduplicationMs = 5 * 60 * 1000;

export interface Sender {
  /** Checks a message and stores it, once for a deduplication id within five minutes. In one transaction. @throws {AwsError} */
  send(queue: Queue, request: SendRequest): SendResult;
  /** Forgets deduplication ids whose five minutes are over. */
  trim(): void;
}

export function createSender(database: Database, messages: Messages, now: () => number): Sender {
  const { sql } = database;
  const known = sql.prepare('SELECT message_id, sequence FROM deduplication WHERE queue = ? AND id = ? AND expires > ?');
  const remember = sql.prepare('INSERT OR REPLACE INTO deduplication (queue, id, message_id, sequence, expires) VALUES (?, ?, ?, ?, ?)');
  const forget = sql.prepare('DELETE FROM deduplication WHERE expires <= ?');

  return {
    send(queue, request) {
      const { MessageBody: body, MessageAttributes: attributes = {}, MessageSystemAttributes: system = {} } = request;
      checkContents(body, attributes);
      const most = Number(queue.attributes['MaximumMessageSize']);
      if (messageBytes(body, attributes) > most) {
        throw new AwsError(
          'InvalidParameterValue',
          `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
        );
      }
      const { groupId, deduplicationId } = isFifo(queue) ? fifoOf(queue, request, body) : { groupId: request.MessageGroupId };
      const digests = {
        MD5OfMessageBody: md5(body),
        MD5OfMessageAttributes: md5OfAttributes(attributes),
        MD5OfMessageSystemAttributes: md5OfAttributes(system),
      };
      return database.transaction(() => {
        const earlier = deduplicationId === undefined ? undefined : known.get(queue.name, deduplicationId, now());
        if (earlier)
          return { MessageId: earlier['message_id'] as string, ...digests, SequenceNumber: sequenceNumber(earlier['sequence'] as number) };
        const messageId = randomUUID();
        const traceHeader = system['AWSTraceHeader']?.StringValue;
        const id = messages.add(queue, {
          messageId,
          body,
          attributes,
          traceHeader,
          delayMs: delayOf(queue, request),
          groupId,
          deduplicationId,
        });
        if (deduplicationId !== undefined) remember.run(queue.name, deduplicationId, messageId, id, now() + deduplicationMs);
        return { MessageId: messageId, ...digests, ...(isFifo(queue) && { SequenceNumber: sequenceNumber(id) }) };
      });
    },
    trim: () => void forget.run(now()),
  };
}

/** Twenty digits, as SQS writes them. */
export function sequenceNumber(id: number): string {
  return String(id).padStart(20, '0');
}

function fifoOf(queue: Queue, request: SendRequest, body: string): { groupId: string; deduplicationId: string } {
  const { MessageGroupId: groupId, MessageDeduplicationId: given } = request;
  if (!groupId) throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  const byContent = queue.attributes['ContentBasedDeduplication'] === 'true';
  if (!given && !byContent) {
    throw new AwsError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const deduplicationId = given ?? createHash('sha256').update(body).digest('hex');
  const perGroup = queue.attributes['DeduplicationScope'] === 'messageGroup';
  return { groupId, deduplicationId: perGroup ? `${groupId}\n${deduplicationId}` : deduplicationId };
}

function delayOf(queue: Queue, { DelaySeconds }: SendRequest): number {
  if (DelaySeconds === undefined) return milliseconds(queue, 'DelaySeconds');
  if (isFifo(queue) && DelaySeconds !== 0) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
  if (!(DelaySeconds >= 0 && DelaySeconds <= 900)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  return isFifo(queue) ? milliseconds(queue, 'DelaySeconds') : DelaySeconds * 1000;
}
