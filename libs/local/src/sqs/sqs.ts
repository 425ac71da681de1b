import { AwsError } from '../kernel/aws-error.ts';
import type { ServicePrincipal } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, QueuePort, ReceivedMessage } from '../kernel/ports.ts';
import { openDatabase } from './database.ts';
import { createMessages } from './messages.ts';
import { createMoveTasks } from './move-tasks.ts';
import { nonExistentQueue, type Queue } from './queue.ts';
import { createQueues } from './queues.ts';
import { toReceived } from './received.ts';
import { createReceiver } from './receiving.ts';
import { queuePolicyResource, queueResource } from './resources.ts';
import { createSender } from './sending.ts';
import { queueAttributes, sqsService } from './service.ts';

export interface Sqs extends Engine {
  readonly queues: QueuePort;
  /** The oldest messages of a queue, without receiving them: for `dlq show`. @throws {AwsError} when there is no such queue. */
  inspect(queueArn: string, limit: number): readonly (ReceivedMessage & { readonly state: 'visible' | 'in flight' | 'delayed' })[];
}

const tidyEveryMs = 10_000;

/** SQS: queues on SQLite, long polling that is woken, dead-letter queues, FIFO queues, and the port for the other engines. */
export async function createSqs(kernel: Kernel, { iam }: { iam: Pick<IamPort, 'admits'> }): Promise<Sqs> {
  const now = (): number => kernel.now();
  const database = openDatabase(kernel.stateDirectory);
  const queues = createQueues(database, kernel);
  // A message moves while its queue is being read, in a transaction: those who wait for it are woken after.
  const wakeSoon = (queue: Queue): void => queueMicrotask(() => receiver.wake(queue));
  const messages = createMessages(database, now, queues.byArn, wakeSoon);
  const receiver = createReceiver(messages, now);
  const sender = createSender(database, messages, now);
  const moveTasks = createMoveTasks(database, queues, messages, now, wakeSoon);
  const timer = setInterval(() => {
    for (const queue of queues.all()) messages.expire(queue);
    sender.trim();
  }, tidyEveryMs).unref();

  const needed = (queueArn: string): Queue => {
    const queue = queues.byArn(queueArn);
    if (!queue) throw nonExistentQueue('AWS.SimpleQueueService.NonExistentQueue');
    return queue;
  };

  const port: QueuePort = {
    async send(queueArn, message, principal) {
      const queue = needed(queueArn);
      if (principal) admit(iam, queue, principal);
      const { MessageId } = sender.send(queue, {
        MessageBody: message.body,
        MessageAttributes: message.attributes,
        MessageGroupId: message.groupId,
        MessageDeduplicationId: message.deduplicationId,
        DelaySeconds: message.delaySeconds,
        ...(message.traceHeader && {
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: message.traceHeader } },
        }),
      });
      receiver.wake(queue);
      return MessageId;
    },
    async receive(queueArn, options) {
      const queue = needed(queueArn);
      const found = await receiver.receive(queue, options);
      return found.map((message) => toReceived(queue, message));
    },
    async delete(queueArn, receiptHandles) {
      const queue = needed(queueArn);
      database.transaction(() => receiptHandles.forEach((handle) => messages.delete(queue, handle)));
      receiver.wake(queue);
    },
    async attributes(queueArn) {
      const queue = queues.byArn(queueArn);
      return queue && queueAttributes(queue, messages);
    },
  };

  return {
    services: [sqsService({ database, queues, messages, sender, receiver, moveTasks })],
    resourceTypes: [queueResource(database, queues, receiver), queuePolicyResource(database, queues)],
    queues: port,
    inspect(queueArn, limit) {
      const queue = needed(queueArn);
      return messages.peek(queue, limit).map((message) => ({
        ...toReceived(queue, message),
        state: message.visible <= now() ? 'visible' : message.receipt ? 'in flight' : 'delayed',
      }));
    },
    async close() {
      clearInterval(timer);
      moveTasks.close();
      receiver.release();
      database.sql.close();
    },
  };
}

/** A service sends only where the queue's policy admits it. */
function admit(iam: Pick<IamPort, 'admits'>, queue: Queue, principal: ServicePrincipal): void {
  const policy = queue.attributes['Policy'];
  if (policy && iam.admits(JSON.parse(policy), principal, 'sqs:SendMessage', queue.arn)) return;
  throw new AwsError(
    'AccessDenied',
    `${principal.service} may not send to ${queue.arn}: ${policy ? 'its policy does not admit' : 'it has no policy that admits'} ${principal.sourceArn}`,
    403,
  );
}
