import { AwsError } from '../kernel/aws-error.ts';
import type { LambdaPort, OutgoingMessage, QueuePort, ReceivedMessage } from '../kernel/ports.ts';
import type { QueueStatus } from './status.ts';

/** A message as `dlq show` prints it. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: ReceivedMessage['messageAttributes'];
}

/** Looks into dead-letter queues and gives their messages another chance. */
export interface DeadLetters {
  /** The oldest messages, without receiving them. */
  show(queue: QueueStatus): readonly DeadLetter[];
  /**
   * Sends every message back to where it failed: the queue that hands its failures to this one, or the target that a rule
   * or a function could not reach.
   *
   * @returns how many were sent.
   */
  redrive(queue: QueueStatus, sources: readonly QueueStatus[]): Promise<number>;
}

export interface DeadLetterDependencies {
  readonly queues: QueuePort;
  readonly lambda: LambdaPort;
  inspect(queueArn: string, limit: number): readonly ReceivedMessage[];
}

const MOST_SHOWN = 1_000;
/** More than this arrives while it is being redriven: it fails again at once. */
const MOST_REDRIVEN = 100_000;

export function createDeadLetters({ queues, lambda, inspect }: DeadLetterDependencies): DeadLetters {
  const sendBack = async (message: ReceivedMessage, sources: readonly QueueStatus[]): Promise<void> => {
    const [source, another] = sources;
    if (source !== undefined && another === undefined) {
      await queues.send(source.arn, toOutgoing(message));
      return;
    }
    // EventBridge writes where it could not deliver to into the message.
    const target = message.messageAttributes['TARGET_ARN']?.stringValue;
    if (target?.includes(':sqs:')) await queues.send(target, { body: message.body });
    else if (target?.includes(':lambda:')) await lambda.invoke({ functionName: target, payload: message.body, type: 'Event' });
    else if (sources.length > 1)
      throw new AwsError('InvalidRequest', `Several queues send here: ${sources.map(({ name }) => name).join(', ')}.`);
    else throw new AwsError('InvalidRequest', 'No queue of these services sends its failures here, and the messages name no target.');
  };

  return {
    show: ({ arn }) =>
      inspect(arn, MOST_SHOWN).map(({ messageId, body, attributes, messageAttributes }) => {
        return { messageId, body, attributes, messageAttributes };
      }),
    async redrive({ arn, waiting }, sources) {
      const most = Math.min(waiting, MOST_REDRIVEN);
      let count = 0;
      while (count < most) {
        const messages = await queues.receive(arn, { max: Math.min(10, most - count), waitMs: 0 });
        if (messages.length === 0) break;
        for (const message of messages) {
          await sendBack(message, sources);
          await queues.delete(arn, [message.receiptHandle]);
          count += 1;
        }
      }
      return count;
    },
  };
}

function toOutgoing({ body, attributes, messageAttributes }: ReceivedMessage): OutgoingMessage {
  const copied = Object.entries(messageAttributes).map(([name, { dataType, stringValue, binaryValue }]) => {
    return [name, { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue }] as const;
  });
  return {
    body,
    attributes: copied.length === 0 ? undefined : Object.fromEntries(copied),
    groupId: attributes['MessageGroupId'],
    deduplicationId: attributes['MessageDeduplicationId'] && `${attributes['MessageDeduplicationId']}-again`,
    traceHeader: attributes['AWSTraceHeader'],
  };
}
