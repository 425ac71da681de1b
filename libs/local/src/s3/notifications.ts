import { createAlarm } from '../events/alarm.ts';
import { toFailure } from '../events/failure.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { EventsPort, LambdaPort, QueuePort, TopicPort } from '../kernel/ports.ts';
import type { Bucket, Notification } from './bucket.ts';
import type { Database } from './database.ts';
import { type Happening, toEventBridge, toRecords } from './event-record.ts';

/** Tells functions, queues, topics and EventBridge what happened to objects: at least once, and after a restart if need be. */
export interface Notifications {
  /** Writes down what has to be told. Within the transaction that makes it happen. */
  enqueue(bucket: Bucket, happening: Omit<Happening, 'sequencer' | 'at'>): void;
  /** Tells what is due; call after the transaction. */
  wake(): void;
  /** Resolves when nothing is being told. */
  close(): Promise<void>;
}

export interface NotificationPorts {
  /** Asked for when it is needed: functions and buses are made of other engines too. */
  readonly lambda: () => LambdaPort;
  readonly queues: Pick<QueuePort, 'send'>;
  readonly topics: Pick<TopicPort, 'publish'>;
  readonly events: () => EventsPort;
}

/** What waits to be told to one target. */
interface Telling {
  readonly target: Notification['target'];
  readonly bucketArn: string;
  readonly message: string | Parameters<EventsPort['put']>[1];
}

/** Told at once. */
const BATCH = 32;
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
/** AWS names no time; functions and buses are tried for about a day. */
const LONGEST_MS = 24 * 3_600_000;

export function createNotifications(kernel: Kernel, { sql }: Database, ports: NotificationPorts): Notifications {
  const insert = sql.prepare('INSERT INTO deliveries (due, retries, accepted, value) VALUES (?, 0, ?, ?)');
  const select = sql.prepare('SELECT id, retries, accepted, value FROM deliveries WHERE due <= ? ORDER BY due, id LIMIT ?');
  const postpone = sql.prepare('UPDATE deliveries SET due = ?, retries = ? WHERE id = ?');
  const remove = sql.prepare('DELETE FROM deliveries WHERE id = ?');
  const first = sql.prepare('SELECT min(due) AS due FROM deliveries');
  let sequence = 0n;
  let running: Promise<void> | undefined;
  let again = false;
  /** Whether something was written down since it was last told. */
  let fresh = false;
  let closed = false;

  /** Of sixteen digits, as S3's: the time, and what came in the same millisecond. */
  const nextSequencer = (): string => {
    const now = BigInt(kernel.now()) << 20n;
    sequence = now > sequence ? now : sequence + 1n;
    return sequence.toString(16).toUpperCase().padStart(16, '0');
  };

  const tell = async ({ target, bucketArn, message }: Telling): Promise<void> => {
    const principal = { service: 's3.amazonaws.com', sourceArn: bucketArn };
    if (typeof message !== 'string') return ports.events().put('default', message);
    const service = target.split(':')[2];
    if (service === 'sns') return void (await ports.topics.publish(target, { message, subject: 'Amazon S3 Notification' }, principal));
    if (service === 'sqs') return void (await ports.queues.send(target, { body: message }, principal));
    await ports.lambda().invoke({ functionName: target, payload: message, type: 'Event', principal });
  };

  const attempt = async (row: Record<string, unknown>): Promise<void> => {
    const telling = JSON.parse(String(row['value'])) as Telling;
    const id = Number(row['id']);
    try {
      await tell(telling);
    } catch (error) {
      const { retry, code, message } = toFailure(error);
      const retries = Number(row['retries']);
      if (retry && kernel.now() < Number(row['accepted']) + LONGEST_MS) {
        postpone.run(kernel.now() + Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(retries, 20)), retries + 1, id);
        return;
      }
      const lost = `S3: ${telling.target} was not told of a change in ${telling.bucketArn}. ${error instanceof AwsError ? error.code : code}: ${message}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message: lost });
    }
    remove.run(id);
  };

  const runDue = async (): Promise<void> => {
    do {
      again = false;
      for (let rows = select.all(kernel.now(), BATCH); rows.length > 0 && !closed; rows = select.all(kernel.now(), BATCH)) {
        await Promise.all(rows.map(attempt));
      }
    } while (again && !closed);
  };
  const run = (): Promise<void> => {
    again = true;
    return (running ??= runDue()
      .catch((error: unknown) => {
        // What is written down stays so, and is looked at again when something else is told, or at the next start.
        const message = `S3: ${error instanceof Error ? error.message : String(error)}`;
        kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
      })
      .finally(() => (running = undefined)));
  };
  const nextDue = (): number | undefined => {
    const due = first.get()?.['due'];
    return due === null || due === undefined ? undefined : Number(due);
  };
  const alarm = createAlarm(kernel.now, nextDue, run);

  return {
    enqueue(bucket, given) {
      const wanted = bucket.settings.notifications.filter((notification) => covers(notification, given));
      if (wanted.length === 0) return;
      const happening: Happening = { ...given, at: kernel.now(), sequencer: nextSequencer() };
      for (const notification of wanted) {
        const { target } = notification;
        const message =
          target === 'eventbridge'
            ? toEventBridge(happening, bucket, kernel)
            : JSON.stringify(toRecords(happening, bucket, notification, kernel));
        const telling: Telling = { target, bucketArn: bucket.arn, message };
        insert.run(kernel.now(), kernel.now(), JSON.stringify(telling));
        fresh = true;
      }
    },
    wake() {
      if (closed || !fresh) return;
      fresh = false;
      void run().finally(alarm.reset);
    },
    async close() {
      closed = true;
      alarm.close();
      await running;
    },
  };
}

function covers({ event, target, prefix, suffix }: Notification, { name, key }: Pick<Happening, 'name' | 'key'>): boolean {
  if (target === 'eventbridge') return true;
  const wanted = event.replace(/^s3:/, '');
  const named = wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
  return named && key.startsWith(prefix) && key.endsWith(suffix);
}
