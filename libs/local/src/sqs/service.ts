import { AwsError } from '../kernel/aws-error.ts';
import type { Call, JsonService } from '../kernel/call.ts';
import { batch, type Entry } from './batch.ts';
import type { Database } from './database.ts';
import { type MessageAttributes, messageBytes, maximumBytes } from './message.ts';
import { isReceipt, type Messages } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import { permissionsOf } from './permissions.ts';
import { isFifo, milliseconds, type Queue, redrivePolicyOf } from './queue.ts';
import type { Queues } from './queues.ts';
import { toAnswer } from './received.ts';
import type { Receiver } from './receiving.ts';
import type { Sender, SendRequest } from './sending.ts';

type Input = Record<string, unknown>;

export interface Parts {
  readonly database: Database;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly moveTasks: MoveTasks;
}

/** SQS over its JSON protocol. */
export function sqsService(parts: Parts): JsonService {
  const { database, queues, messages, sender, receiver, moveTasks } = parts;
  const send = (queue: Queue, entry: Input): object => {
    const trace = (entry['MessageSystemAttributes'] as MessageAttributes | undefined) ?? {};
    return sender.send(queue, { ...(entry as SendRequest), MessageSystemAttributes: trace });
  };
  const hide = (queue: Queue, entry: Input): void => {
    const seconds = within('VisibilityTimeout', entry['VisibilityTimeout'], 0, 43_200);
    const outcome = messages.hide(queue, handleOf(entry), seconds * 1000);
    if (outcome === 'unknown receipt') throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    if (outcome === 'too long')
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      );
    if (outcome === 'not in flight')
      throw new AwsError('MessageNotInflight', 'The message is not in flight: its visibility timeout is over.');
  };

  const remove = (queue: Queue, entry: Input): object => {
    const handle = handleOf(entry);
    if (!isReceipt(handle))
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
    if (messages.delete(queue, handle) === 'done') return {};
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  };

  const operations: Record<string, (input: Input, queue: () => Queue, call: Call) => object | Promise<object>> = {
    CreateQueue(input) {
      const queue = queues.create(String(input['QueueName'] ?? ''), textsOf(input['Attributes']), textsOf(input['tags']));
      return { QueueUrl: queues.urlOf(queue.name) };
    },
    DeleteQueue(_input, queue) {
      const { name } = queue();
      database.transaction(() => queues.remove(queue()));
      receiver.release(name);
      return {};
    },
    GetQueueUrl: (input) => ({ QueueUrl: queues.urlOf(queues.get(input['QueueName']).name) }),
    ListQueues(input) {
      const names = [...queues.all()].map(({ name }) => name).filter((name) => name.startsWith(String(input['QueueNamePrefix'] ?? '')));
      return page(names.sort(), input, 'QueueUrls', queues.urlOf);
    },
    ListDeadLetterSourceQueues(input, queue) {
      const { arn } = queue();
      const sources = [...queues.all()].filter((each) => redrivePolicyOf(each)?.deadLetterTargetArn === arn).map(({ name }) => name);
      return page(sources.sort(), input, 'queueUrls', queues.urlOf);
    },
    GetQueueAttributes(input, queue) {
      const all = queueAttributes(queue(), messages);
      const names = (input['AttributeNames'] as string[] | undefined) ?? [];
      const chosen = names.includes('All')
        ? all
        : Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
      return { Attributes: chosen };
    },
    SetQueueAttributes(input, queue) {
      queues.set(queue(), textsOf(input['Attributes']));
      receiver.wake(queue());
      return {};
    },
    SendMessage(input, queue, { traceHeader }) {
      const result = send(queue(), withTrace(input, traceHeader));
      receiver.wake(queue());
      return result;
    },
    SendMessageBatch(input, queue, { traceHeader }) {
      const entries = Array.isArray(input['Entries']) ? (input['Entries'] as ((Entry & SendRequest) | null)[]) : [];
      const bytes = entries.reduce((sum, each) => sum + messageBytes(String(each?.MessageBody ?? ''), each?.MessageAttributes ?? {}), 0);
      if (bytes > maximumBytes) throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${maximumBytes} bytes.`);
      const result = database.transaction(() => batch(entries, (entry) => send(queue(), withTrace(entry, traceHeader))));
      receiver.wake(queue());
      return result;
    },
    async ReceiveMessage(input, queue) {
      const at = queue();
      const visibility =
        input['VisibilityTimeout'] === undefined ? undefined : within('VisibilityTimeout', input['VisibilityTimeout'], 0, 43_200) * 1000;
      const wait = input['WaitTimeSeconds'];
      const waitMs = wait === undefined ? milliseconds(at, 'ReceiveMessageWaitTimeSeconds') : within('WaitTimeSeconds', wait, 0, 20) * 1000;
      // A long poll and a FIFO queue answer with nothing instead.
      if (waitMs === 0 && !isFifo(at) && messages.isFull(at))
        throw new AwsError(
          'OverLimit',
          'Too many messages are in flight: at most 120,000 may have been received and not yet deleted.',
          403,
        );
      const found = await receiver.receive(at, {
        max: within('MaxNumberOfMessages', input['MaxNumberOfMessages'] ?? 1, 1, 10),
        waitMs,
        visibilityMs: visibility,
      });
      const system = [...((input['AttributeNames'] as string[]) ?? []), ...((input['MessageSystemAttributeNames'] as string[]) ?? [])];
      const names = (input['MessageAttributeNames'] as string[]) ?? [];
      return found.length > 0 ? { Messages: found.map((message) => toAnswer(at, message, system, names)) } : {};
    },
    DeleteMessage(input, queue) {
      const result = remove(queue(), input);
      receiver.wake(queue());
      return result;
    },
    DeleteMessageBatch(input, queue) {
      const result = database.transaction(() => batch(input['Entries'], (entry) => remove(queue(), entry)));
      receiver.wake(queue());
      return result;
    },
    ChangeMessageVisibility(input, queue) {
      hide(queue(), input);
      receiver.wake(queue());
      return {};
    },
    ChangeMessageVisibilityBatch(input, queue) {
      const result = database.transaction(() => batch(input['Entries'], (entry) => (hide(queue(), entry), {})));
      receiver.wake(queue());
      return result;
    },
    PurgeQueue(_input, queue) {
      messages.purge(queue());
      return {};
    },
    TagQueue(input, queue) {
      queues.tag(queue(), { ...queue().tags, ...textsOf(input['Tags']) });
      return {};
    },
    UntagQueue(input, queue) {
      const gone = (input['TagKeys'] as string[]) ?? [];
      queues.tag(queue(), Object.fromEntries(Object.entries(queue().tags).filter(([key]) => !gone.includes(key))));
      return {};
    },
    ListQueueTags: (_input, queue) => ({ Tags: queue().tags }),
    StartMessageMoveTask: (input) => moveTasks.start(input),
    ListMessageMoveTasks: (input) => moveTasks.list(input),
    CancelMessageMoveTask: (input) => moveTasks.cancel(input),
  };

  return {
    protocol: 'json',
    signingName: 'sqs',
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    operations: Object.keys(operations),
    permissions: (call) => permissionsOf(queues, call),
    async handle(call) {
      const operation = operations[call.operation];
      if (!operation) throw new AwsError('UnknownOperationException', `The laptop cloud's SQS has no operation ${call.operation}`);
      return operation(call.input, () => queues.get(call.input['QueueUrl']), call);
    },
  };
}

/** All attributes of a queue as GetQueueAttributes names them. */
export function queueAttributes(queue: Queue, messages: Messages): Record<string, string> {
  const { visible, inFlight, delayed } = messages.counts(queue);
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(queue.createdAt),
    LastModifiedTimestamp: String(queue.modifiedAt),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

function handleOf(entry: Input): string {
  const handle = entry['ReceiptHandle'];
  if (typeof handle !== 'string' || handle === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter ReceiptHandle.');
  return handle;
}

/** The header of a traced call goes with the message, unless the message names one itself. */
function withTrace<Given extends object>(
  entry: Given & { MessageSystemAttributes?: unknown },
  traceHeader: string | undefined,
): Given & Input {
  if (!traceHeader) return entry as Given & Input;
  const given = entry.MessageSystemAttributes as MessageAttributes | undefined;
  return { ...entry, MessageSystemAttributes: given ?? { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } } } as Given &
    Input;
}

function within(name: string, value: unknown, least: number, most: number): number {
  const number = Number(value ?? Number.NaN);
  if (!(Number.isInteger(number) && number >= least && number <= most)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${String(value)} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}.`,
    );
  }
  return number;
}

function textsOf(given: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries((given ?? {}) as Input).map(([name, value]) => [name, String(value)]));
}

function page(names: readonly string[], input: Input, member: string, urlOf: (name: string) => string): object {
  const most = input['MaxResults'] === undefined ? 1000 : within('MaxResults', input['MaxResults'], 1, 1000);
  const rest = names.filter((name) => name > String(input['NextToken'] ?? ''));
  const found = rest.slice(0, most);
  return { [member]: found.map(urlOf), ...(input['MaxResults'] !== undefined && rest.length > most && { NextToken: found.at(-1) }) };
}
