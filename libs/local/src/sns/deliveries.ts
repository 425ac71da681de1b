import { createAlarm } from '../events/alarm.ts';
import { failureOf } from '../events/failure.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { QueuePort } from '../kernel/ports.ts';
import type { State } from '../kernel/state.ts';
import { deadLetterQueueOf } from './attributes.ts';
import { isHttp, retriesOf, waitBefore } from './delivery-policy.ts';
import type { Links } from './envelope.ts';
import type { Notification, Subscription } from './model.ts';
import type { Registry } from './registry.ts';
import { type Send, toMessage } from './send.ts';

/** Gives notifications to subscribers: at least once, after a restart if need be, and not for ever. */
export interface Deliveries {
  /** Writes down what has to be given to whom. Within the transaction that accepts the message. */
  enqueue(notification: Notification, subscriptions: readonly Subscription[]): void;
  /** Gives what is due; call after the transaction. */
  wake(): void;
  /** Resolves when nothing is due and nothing is being given. */
  settled(): Promise<void>;
  /** How many deliveries of a topic wait. */
  waiting(topicArn: string): number;
  close(): Promise<void>;
}

export interface DeliveryPorts {
  readonly registry: Registry;
  readonly send: Send;
  readonly queues: Pick<QueuePort, 'send'>;
  readonly links: Links;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

/** Being given at once. An endpoint of the network may take its time, and holds no place of the others. */
const lanes = { near: 32, far: 32 } as const;
type Lane = keyof typeof lanes;

const schema = `
  CREATE TABLE IF NOT EXISTS notifications (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, lane TEXT NOT NULL, due INTEGER NOT NULL, retries INTEGER NOT NULL, topic TEXT NOT NULL,
    notification TEXT NOT NULL, subscription TEXT NOT NULL, lost TEXT
  );
  CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (lane, due, id);
  CREATE INDEX IF NOT EXISTS deliveries_by_notification ON deliveries (notification);
`;

interface Row {
  readonly id: number;
  readonly retries: number;
  readonly notification: string;
  readonly subscription: string;
  /** Why it is on its way to the dead-letter queue. */
  readonly lost: string | null;
}

export function createDeliveries(kernel: Kernel, state: State, ports: DeliveryPorts): Deliveries {
  const { registry } = ports;
  state.sql.exec(schema);
  const insertNotification = state.sql.prepare('INSERT INTO notifications (id, value) VALUES (?, ?)');
  const insert = state.sql.prepare(
    'INSERT INTO deliveries (lane, due, retries, topic, notification, subscription) VALUES (?, ?, 0, ?, ?, ?)',
  );
  const select = state.sql.prepare(
    'SELECT id, retries, notification, subscription, lost FROM deliveries WHERE lane = ? AND due <= ? ORDER BY due, id LIMIT ?',
  );
  const find = state.sql.prepare('SELECT value FROM notifications WHERE id = ?');
  const postpone = state.sql.prepare('UPDATE deliveries SET due = ?, retries = ?, lost = ? WHERE id = ?');
  const remove = state.sql.prepare('DELETE FROM deliveries WHERE id = ?');
  const forget = state.sql.prepare(
    'DELETE FROM notifications WHERE id = ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE notification = notifications.id)',
  );
  const firsts = state.sql.prepare('SELECT min(due) AS due FROM deliveries WHERE lane = ?');
  const count = state.sql.prepare('SELECT count(*) AS waiting FROM deliveries WHERE topic = ?');
  const underWay: Record<Lane, Map<number, Promise<void>>> = { near: new Map(), far: new Map() };
  const ending = new AbortController();

  const done = ({ id, notification }: Row): void =>
    state.transaction(() => {
      remove.run(id);
      forget.run(notification);
    });
  const tellLost = (notification: Notification, { endpoint }: Subscription, why: string): void => {
    const message = `SNS: message ${notification.messageId} of ${notification.topicArn} was dropped: ${endpoint} was not given it. ${why}`;
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
  };
  /** Whether there is another try. */
  const again = (row: Row, subscription: Subscription, lost: string | null): boolean => {
    const topic = registry.findTopic(subscription.topicArn);
    const wait = topic && waitBefore(retriesOf(subscription, topic), row.retries);
    if (wait === undefined) return false;
    // The upper half of a wait is at random.
    postpone.run(Math.round(kernel.now() + wait / 2 + (ports.random() * wait) / 2), row.retries + 1, lost, row.id);
    return true;
  };

  const attempt = async (row: Row): Promise<void> => {
    const subscription = registry.findSubscription(row.subscription);
    // Whoever has unsubscribed meanwhile is told nothing more.
    if (!subscription) return done(row);
    const notification = JSON.parse(String(find.get(row.notification)?.['value'])) as Notification;
    if (row.lost === null) {
      const failure = await failureOf(() => ports.send(notification, subscription, ending.signal));
      if (!failure) return done(row);
      // What was ended by the end of the cloud is done after the next start.
      if (ending.signal.aborted || (failure.retry && again(row, subscription, null))) return;
      return giveUp(row, notification, subscription, `${failure.code}: ${failure.message}`, 0);
    }
    return giveUp(row, notification, subscription, row.lost, row.retries);
  };

  /** To the dead-letter queue of the subscription, if it has one. */
  const giveUp = async (row: Row, notification: Notification, subscription: Subscription, why: string, retries: number): Promise<void> => {
    const queueArn = deadLetterQueueOf(subscription.attributes);
    const letter = { ...toMessage(notification, subscription, ports.links), groupId: undefined };
    const principal = { service: 'sns.amazonaws.com', sourceArn: subscription.topicArn };
    const refused = queueArn === undefined ? undefined : await failureOf(() => ports.queues.send(queueArn, letter, principal));
    if (refused?.retry && again({ ...row, retries }, subscription, why)) return;
    if (queueArn === undefined) tellLost(notification, subscription, why);
    if (refused) tellLost(notification, subscription, `${why}, and its dead-letter queue ${queueArn} refused it: ${refused.message}`);
    done(row);
  };

  const pump = (lane: Lane): void => {
    const here = underWay[lane];
    if (ending.signal.aborted || here.size >= lanes[lane]) return;
    const rows = select.all(lane, kernel.now(), lanes[lane] + here.size) as unknown as Row[];
    for (const row of rows) {
      if (here.size >= lanes[lane]) return;
      if (here.has(row.id)) continue;
      const work = attempt(row)
        .catch((error: unknown) => {
          // It stays written down, and is tried when something else is due.
          const message = `SNS: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
          kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
          if (!ending.signal.aborted) postpone.run(kernel.now() + 20_000, row.retries, row.lost, row.id);
        })
        .finally(() => {
          here.delete(row.id);
          pump(lane);
          if (here.size === 0) alarm.reset();
        });
      here.set(row.id, work);
    }
  };
  const pumpAll = (): void => {
    pump('near');
    pump('far');
  };
  const allUnderWay = (): Promise<void>[] => [...underWay.near.values(), ...underWay.far.values()];
  /** Of a lane in which something is under way the end is waited for: what it has as due may be just that. */
  const nextDue = (): number | undefined => {
    const idle = (Object.keys(lanes) as Lane[]).filter((lane) => underWay[lane].size === 0);
    const times = idle.map((lane) => firsts.get(lane)?.['due']).filter((due) => due !== null && due !== undefined);
    return times.length > 0 ? Math.min(...times.map(Number)) : undefined;
  };
  const alarm = createAlarm(kernel.now, nextDue, async () => pumpAll());

  return {
    enqueue: (notification, subscriptions) => {
      if (subscriptions.length === 0) return;
      insertNotification.run(notification.messageId, JSON.stringify(notification));
      for (const { arn, protocol } of subscriptions)
        insert.run(isHttp(protocol) ? 'far' : 'near', kernel.now(), notification.topicArn, notification.messageId, arn);
    },
    wake: () => {
      pumpAll();
      alarm.reset();
    },
    settled: async () => {
      for (pumpAll(); allUnderWay().length > 0;) await Promise.allSettled(allUnderWay());
    },
    waiting: (topicArn) => Number(count.get(topicArn)?.['waiting']),
    close: async () => {
      ending.abort();
      alarm.close();
      await Promise.allSettled(allUnderWay());
    },
  };
}
