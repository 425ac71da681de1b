import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Database } from './database.ts';
import { checkAttributes, isFifo, newAttributes, nonExistentQueue, type Queue, redrivePolicyOf, withoutEmpty } from './queue.ts';

/** The queues, in memory and on disk. */
export interface Queues {
  find(name: string): Queue | undefined;
  /** By URL, ARN or name. @throws {AwsError} `QueueDoesNotExist`. */
  get(urlOrArn: unknown): Queue;
  byArn(arn: string): Queue | undefined;
  all(): Iterable<Queue>;
  arnOf(name: string): string;
  urlOf(name: string): string;
  /** Makes a queue; one of the same name is answered if nothing given differs. @throws {AwsError} `QueueNameExists`. */
  create(name: string, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Queue;
  /** Changes attributes; an empty text removes one. @throws {AwsError} */
  set(queue: Queue, attributes: Readonly<Record<string, string>>): void;
  /** Replaces attributes as a template does: what it does not say is the default again. @throws {AwsError} */
  replace(queue: Queue, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): void;
  tag(queue: Queue, tags: Readonly<Record<string, string>>): void;
  remove(queue: Queue): void;
}

export function createQueues({ sql }: Database, kernel: Kernel): Queues {
  const saveQueue = sql.prepare('INSERT OR REPLACE INTO queues (name, value) VALUES (?, ?)');
  const deleteQueue = sql.prepare('DELETE FROM queues WHERE name = ?');
  const deleteMessages = sql.prepare('DELETE FROM messages WHERE queue = ?');
  const deleteDeduplication = sql.prepare('DELETE FROM deduplication WHERE queue = ?');
  const queues = new Map<string, Queue>();
  for (const { value } of sql.prepare('SELECT value FROM queues').all()) {
    const queue = JSON.parse(value as string) as Queue;
    queues.set(queue.name, queue);
  }
  const seconds = (): number => Math.floor(kernel.now() / 1000);
  const save = (queue: Queue): void => void saveQueue.run(queue.name, JSON.stringify(queue));

  const registry: Queues = {
    find: (name) => queues.get(name),
    get(urlOrArn) {
      const name = typeof urlOrArn === 'string' ? urlOrArn.split(/[/:]/).at(-1)! : '';
      const queue = queues.get(name);
      if (!queue) throw nonExistentQueue();
      return queue;
    },
    byArn(arn) {
      const queue = queues.get(arn.split(':').at(-1)!);
      return queue?.arn === arn ? queue : undefined;
    },
    all: () => queues.values(),
    arnOf: (name) => `arn:aws:sqs:${kernel.region}:${kernel.accountId}:${name}`,
    urlOf: (name) => `${kernel.endpointUrl}/${kernel.accountId}/${name}`,
    create(name, attributes, tags) {
      const wanted = newAttributes(name, attributes);
      const existing = queues.get(name);
      if (existing) {
        const different = Object.keys(attributes).find((key) => existing.attributes[key] !== wanted[key]);
        if (!different) return existing;
        throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${different}`);
      }
      const queue: Queue = {
        name,
        arn: registry.arnOf(name),
        attributes: wanted,
        tags: { ...tags },
        createdAt: seconds(),
        modifiedAt: seconds(),
      };
      checkRedrive(registry, queue);
      save(queue);
      queues.set(name, queue);
      return queue;
    },
    set(queue, attributes) {
      if ('FifoQueue' in attributes && attributes['FifoQueue'] !== (queue.attributes['FifoQueue'] ?? 'false')) {
        throw new AwsError('InvalidAttributeValue', 'You cannot change the FifoQueue attribute of an existing queue.');
      }
      checkAttributes(attributes, isFifo(queue));
      const changed = withoutEmpty({ ...queue.attributes, ...attributes });
      checkRedrive(registry, { ...queue, attributes: changed });
      queue.attributes = changed;
      queue.modifiedAt = seconds();
      save(queue);
    },
    replace(queue, attributes, tags) {
      const wanted = newAttributes(queue.name, attributes);
      checkRedrive(registry, { ...queue, attributes: wanted });
      const { Policy } = queue.attributes;
      queue.attributes = { ...wanted, ...(Policy && { Policy }) };
      queue.tags = { ...tags };
      save(queue);
    },
    tag(queue, tags) {
      queue.tags = { ...tags };
      save(queue);
    },
    remove(queue) {
      deleteMessages.run(queue.name);
      deleteDeduplication.run(queue.name);
      deleteQueue.run(queue.name);
      queues.delete(queue.name);
    },
  };
  return registry;
}

/** A dead-letter queue exists, is of the same kind, and admits this queue. */
function checkRedrive(queues: Queues, queue: Queue): void {
  const redrive = redrivePolicyOf(queue);
  if (!redrive) return;
  const refuse = (why: string): never => {
    throw new AwsError('InvalidParameterValue', `Value ${JSON.stringify(redrive)} for parameter RedrivePolicy is invalid. Reason: ${why}`);
  };
  const target = queues.byArn(redrive.deadLetterTargetArn);
  if (!target) return refuse('Dead letter target does not exist.');
  if (isFifo(target) !== isFifo(queue)) return refuse('The dead-letter queue of a FIFO queue is a FIFO queue, that of another is not.');
  const allow = JSON.parse(target.attributes['RedriveAllowPolicy'] ?? '{}') as { redrivePermission?: string; sourceQueueArns?: string[] };
  if (allow.redrivePermission === 'denyAll' || (allow.redrivePermission === 'byQueue' && !allow.sourceQueueArns?.includes(queue.arn))) {
    refuse('The RedriveAllowPolicy of the dead-letter queue does not admit this queue.');
  }
}
