import type { ReceivedMessage } from '../kernel/ports.ts';
import { md5, md5OfAttributes, type MessageAttributes } from './message.ts';
import type { StoredMessage } from './messages.ts';
import { isFifo, type Queue } from './queue.ts';
import { sequenceNumber } from './sending.ts';

/** A message as ReceiveMessage answers it, with the attributes that were asked for. */
export function toAnswer(queue: Queue, message: StoredMessage, systemNames: readonly string[], names: readonly string[]): object {
  const system = systemAttributes(queue, message);
  const Attributes = systemNames.includes('All')
    ? system
    : Object.fromEntries(systemNames.flatMap((name) => (system[name] ? [[name, system[name]]] : [])));
  const MessageAttributes = chosen(message.attributes, names);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(MessageAttributes).length > 0 && { MessageAttributes, MD5OfMessageAttributes: md5OfAttributes(MessageAttributes) }),
  };
}

/** A message as an event source mapping gives it to a function. */
export function toReceived(queue: Queue, message: StoredMessage): ReceivedMessage {
  return {
    messageId: message.messageId,
    receiptHandle: message.receipt ?? '',
    body: message.body,
    md5OfBody: md5(message.body),
    attributes: systemAttributes(queue, message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType,
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        },
      ]),
    ),
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
function systemAttributes(queue: Queue, message: StoredMessage): Record<string, string> {
  const fifo = isFifo(queue);
  return {
    SenderId: queue.arn.split(':')[4]!,
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ...(message.firstReceived !== undefined && { ApproximateFirstReceiveTimestamp: String(message.firstReceived) }),
    ...(message.traceHeader && { AWSTraceHeader: message.traceHeader }),
    ...(message.groupId && { MessageGroupId: message.groupId }),
    // With a scope of one group the stored id begins with the group.
    ...(fifo && message.deduplicationId && { MessageDeduplicationId: message.deduplicationId.split('\n').at(-1)! }),
    ...(fifo && { SequenceNumber: sequenceNumber(message.id) }),
    ...(message.sourceArn && { DeadLetterQueueSourceArn: message.sourceArn }),
  };
}

function chosen(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  if (names.includes('All') || names.includes('.*')) return attributes;
  const asked = (name: string): boolean =>
    names.some((each) => each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -1))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}
