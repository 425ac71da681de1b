import { generatedName } from '../kernel/generated-name.ts';
import type { CreatedResource, ResourceType } from '../kernel/resource-type.ts';
import type { Database } from './database.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import type { Receiver } from './receiving.ts';

/** `AWS::SQS::Queue`: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export function queueResource(database: Database, queues: Queues, receiver: Receiver): ResourceType {
  return {
    type: 'AWS::SQS::Queue',
    async apply(request) {
      const {
        QueueName,
        Tags = [],
        ...rest
      } = request.properties as { QueueName?: string; Tags?: { Key: string; Value: string }[] } & Record<string, unknown>;
      const name = QueueName ?? (isTrue(rest['FifoQueue']) ? `${generatedName(request, 75)}.fifo` : generatedName(request, 80));
      const attributes = Object.fromEntries(
        Object.entries(rest)
          .filter(([property, value]) => value !== undefined && !(property === 'FifoQueue' && !isTrue(value)))
          .map(([property, value]) => [property, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
      );
      const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, String(Value)]));
      const existing = queues.find(name);
      if (existing) queues.replace(existing, attributes, tags);
      const queue = existing ?? queues.create(name, attributes, tags);
      receiver.wake(queue);
      return created(queues, queue);
    },
    async remove(physicalId) {
      const queue = queues.find(nameOf(physicalId));
      if (!queue) return;
      database.transaction(() => queues.remove(queue));
      receiver.release(queue.name);
    },
  };
}

/** `AWS::SQS::QueuePolicy`: the policy of one or more queues. The last one that was applied to a queue is its policy. */
export function queuePolicyResource(database: Database, queues: Queues): ResourceType {
  const save = database.sql.prepare('INSERT OR REPLACE INTO policies (id, queues) VALUES (?, ?)');
  const find = database.sql.prepare('SELECT queues FROM policies WHERE id = ?');
  const forget = database.sql.prepare('DELETE FROM policies WHERE id = ?');
  const namesOf = (id: string): string[] => JSON.parse((find.get(id)?.['queues'] as string | undefined) ?? '[]') as string[];
  const clear = (names: readonly string[]): void => {
    for (const name of names) {
      const queue = queues.find(name);
      if (queue) queues.set(queue, { Policy: '' });
    }
  };
  return {
    type: 'AWS::SQS::QueuePolicy',
    async apply(request) {
      const { Queues: urls, PolicyDocument } = request.properties as { Queues: string[]; PolicyDocument: unknown };
      const physicalId = `${request.stackName}-${request.logicalId}`;
      const targets = urls.map((url) => queues.get(url));
      const names = targets.map(({ name }) => name);
      database.transaction(() => {
        clear(namesOf(physicalId).filter((name) => !names.includes(name)));
        for (const queue of targets) queues.set(queue, { Policy: JSON.stringify(PolicyDocument) });
        save.run(physicalId, JSON.stringify(names));
      });
      return { physicalId, attributes: { Id: physicalId } };
    },
    async remove(physicalId) {
      database.transaction(() => {
        clear(namesOf(physicalId));
        forget.run(physicalId);
      });
    },
  };
}

function created(queues: Queues, queue: Queue): CreatedResource {
  const QueueUrl = queues.urlOf(queue.name);
  return { physicalId: QueueUrl, attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl } };
}

function nameOf(url: string): string {
  return url.split('/').at(-1)!;
}

/** CloudFormation writes booleans as text too. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
