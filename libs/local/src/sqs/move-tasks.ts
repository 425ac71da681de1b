import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';
import type { Messages } from './messages.ts';
import { type Queue, redrivePolicyOf } from './queue.ts';
import type { Queues } from './queues.ts';

type Input = Record<string, unknown>;

interface MoveTask {
  readonly handle: string;
  readonly source: string;
  readonly destination: string | undefined;
  readonly perSecond: number;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  failure?: string;
}

export interface MoveTasks {
  /** StartMessageMoveTask: back from a dead-letter queue to where the messages came from, or to another queue. @throws {AwsError} */
  start(input: Input): object;
  list(input: Input): object;
  cancel(input: Input): object;
  close(): void;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const mostPerSecond = 500;
const mostTasksKept = 100;
const steps = 10;

/** @param moved is told of each queue that was given messages. */
export function createMoveTasks(
  database: Database,
  queues: Queues,
  messages: Messages,
  now: () => number,
  moved: (queue: Queue) => void,
): MoveTasks {
  const tasks: MoveTask[] = [];
  const timers = new Set<NodeJS.Timeout>();

  /** The queue that the oldest message was moved to; undefined when there is none. */
  const moveOne = (task: MoveTask, source: Queue): Queue | undefined => {
    const message = messages.pull(source);
    if (!message) return undefined;
    const destination = queues.byArn(task.destination ?? message.sourceArn ?? '');
    if (!destination) throw new Error('AWS.SimpleQueueService.NonExistentQueue');
    messages.add(destination, { ...message, messageId: randomUUID(), delayMs: 0 });
    task.moved += 1;
    return destination;
  };

  /** Moves some messages; each is a new message in its new queue, as AWS says. */
  const step = (task: MoveTask, source: Queue): void => {
    if (task.status === 'CANCELLING') task.status = 'CANCELLED';
    if (task.status !== 'RUNNING') return;
    const woken = new Set<Queue>();
    try {
      for (let count = Math.ceil(task.perSecond / steps); count > 0 && task.status === 'RUNNING'; count -= 1) {
        const destination = database.transaction(() => moveOne(task, source));
        if (destination) woken.add(destination);
        else task.status = 'COMPLETED';
      }
    } catch (error) {
      task.status = 'FAILED';
      task.failure = (error as Error).message;
    }
    woken.forEach(moved);
    if (task.status !== 'RUNNING') return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      step(task, source);
    }, 1000 / steps);
    timers.add(timer.unref());
  };

  return {
    start(input) {
      const source = queues.byArn(String(input['SourceArn']));
      if (!source) throw new AwsError('ResourceNotFoundException', 'The source queue does not exist.');
      if (![...queues.all()].some((queue) => redrivePolicyOf(queue)?.deadLetterTargetArn === source.arn)) {
        throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      }
      const destination = input['DestinationArn'] as string | undefined;
      if (destination && !queues.byArn(destination))
        throw new AwsError('ResourceNotFoundException', 'The destination queue does not exist.');
      if (tasks.some((task) => task.source === source.arn && task.status === 'RUNNING')) {
        throw new AwsError(
          'InvalidParameterValue',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const perSecond = Number(input['MaxNumberOfMessagesPerSecond'] ?? mostPerSecond);
      if (!(perSecond >= 1 && perSecond <= mostPerSecond))
        throw new AwsError('InvalidParameterValue', `MaxNumberOfMessagesPerSecond is from 1 to ${mostPerSecond}.`);
      const toMove = messages.counts(source).visible;
      const task: MoveTask = {
        handle: randomUUID(),
        source: source.arn,
        destination,
        perSecond,
        startedAt: now(),
        toMove,
        moved: 0,
        status: 'RUNNING',
      };
      tasks.unshift(task);
      tasks.length = Math.min(tasks.length, mostTasksKept);
      step(task, source);
      return { TaskHandle: task.handle };
    },
    list(input) {
      const most = Math.min(Math.max(Number(input['MaxResults'] ?? 1), 1), 10);
      const Results = tasks.filter((task) => task.source === input['SourceArn']).slice(0, most);
      return { Results: Results.map(toResult) };
    },
    cancel(input) {
      const task = tasks.find(({ handle }) => handle === input['TaskHandle']);
      if (!task) throw new AwsError('ResourceNotFoundException', 'The task handle is not known.');
      if (task.status !== 'RUNNING') throw new AwsError('UnsupportedOperation', 'Only active tasks can be cancelled.');
      task.status = 'CANCELLING';
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function toResult(task: MoveTask): object {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.source,
    ...(task.destination && { DestinationArn: task.destination }),
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}
