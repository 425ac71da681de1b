import { setImmediate as pause } from 'node:timers/promises';
import type { Kernel } from '../kernel/kernel.ts';
import type { QueuePort } from '../kernel/ports.ts';
import type { State } from '../kernel/state.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Delivery } from './model.ts';

const defaultAttempts = 185;
const defaultAgeSeconds = 86_400;
/** The first wait, and the longest: 185 waits with jitter fill about 23 hours. */
const shortestWaitMs = 1_000;
const longestWaitMs = 600_000;
/** Stored deliveries tried at once. */
const batch = 32;

type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

interface Pending {
  readonly id: number;
  readonly delivery: Delivery;
  /** Attempts after the first, so far. */
  readonly retries: number;
  /** Set once the event is on its way to the dead-letter queue. */
  readonly lost?: { readonly failure: Failure; readonly condition?: ExhaustedCondition | undefined } | undefined;
}

export interface Deliveries {
  /** Tries once. When that fails in a way that may pass, the delivery is on disk before this resolves. */
  deliver(delivery: Delivery): Promise<void>;
  /** Tries everything that is due. */
  runDue(): Promise<void>;
  /** When the next stored delivery is due, in milliseconds since 1970. */
  nextDue(): number | undefined;
  /** How many deliveries wait. */
  waiting(): number;
}

/**
 * Delivers events to targets: at once, then with exponential waits and jitter within the target's retry policy, then to the rule's
 * dead-letter queue. Waiting deliveries outlive the process.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
 */
export function createDeliveries(
  kernel: Kernel,
  state: State,
  ports: { queues: QueuePort; send: (delivery: Delivery) => Promise<void>; random: () => number; onStored: () => void },
): Deliveries {
  state.sql.exec(
    'CREATE TABLE IF NOT EXISTS pending (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, retries INTEGER NOT NULL, value TEXT NOT NULL)',
  );
  state.sql.exec('CREATE INDEX IF NOT EXISTS pending_by_due ON pending (due)');
  const insert = state.sql.prepare('INSERT INTO pending (due, retries, value) VALUES (?, ?, ?)');
  const update = state.sql.prepare('UPDATE pending SET due = ?, retries = ?, value = ? WHERE id = ?');
  const remove = state.sql.prepare('DELETE FROM pending WHERE id = ?');
  const due = state.sql.prepare('SELECT id, retries, value FROM pending WHERE due <= ? ORDER BY due, id LIMIT ?');
  const first = state.sql.prepare('SELECT min(due) AS due FROM pending');
  const count = state.sql.prepare('SELECT count(*) AS waiting FROM pending');
  let running: Promise<void> | undefined;

  const store = (pending: Omit<Pending, 'id'> & { id?: number }, at: number): void => {
    const value = JSON.stringify({ delivery: pending.delivery, lost: pending.lost });
    if (pending.id === undefined) insert.run(at, pending.retries, value);
    else update.run(at, pending.retries, value, pending.id);
    ports.onStored();
  };

  /** Tries; what is left to do is stored, and a delivery that has come to its end leaves the disk. */
  const attempt = async (pending: Omit<Pending, 'id'> & { id?: number }): Promise<void> => {
    const { delivery } = pending;
    let lost = pending.lost;
    const retries = pending.retries + (pending.id === undefined || lost ? 0 : 1);
    if (!lost) {
      const failure = await failureOf(() => ports.send(delivery));
      if (failure?.retry) {
        const condition = exhausted(delivery, retries, kernel.now());
        if (!condition) return store({ ...pending, retries }, nextAttempt(delivery, retries));
        lost = { failure, condition };
      } else if (failure) lost = { failure };
    }
    if (lost && (await sendToDeadLetterQueue(delivery, retries, lost)) === 'later')
      return store({ ...pending, retries, lost }, nextAttempt(delivery, retries));
    if (pending.id !== undefined) remove.run(pending.id);
  };

  /** Exponential, with the upper half at random, and not beyond the age at which the event is given up. */
  const nextAttempt = (delivery: Delivery, retries: number): number => {
    const wait = Math.min(longestWaitMs, shortestWaitMs * 2 ** Math.min(retries, 30));
    const end = Math.max(kernel.now() + shortestWaitMs, delivery.ingestedAt + maximumAgeMs(delivery));
    return Math.max(kernel.now(), Math.min(end, kernel.now() + wait / 2 + (ports.random() * wait) / 2));
  };

  const sendToDeadLetterQueue = async (
    delivery: Delivery,
    retries: number,
    lost: NonNullable<Pending['lost']>,
  ): Promise<'done' | 'later'> => {
    const { target, ruleArn } = delivery;
    const { failure, condition } = lost;
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) {
      drop(delivery, `${failure.code}: ${failure.message}`);
      return 'done';
    }
    const attributes = {
      RULE_ARN: text(ruleArn),
      TARGET_ARN: text(target.Arn),
      ERROR_CODE: text(failure.code),
      ERROR_MESSAGE: text(failure.message || failure.code),
      ...(condition ? { EXHAUSTED_RETRY_CONDITION: text(condition), RETRY_ATTEMPTS: text(String(retries)) } : {}),
    };
    const message = { body: JSON.stringify(delivery.event), attributes, traceHeader: delivery.traceHeader };
    const refused = await failureOf(() => ports.queues.send(queueArn, message, { service: 'events.amazonaws.com', sourceArn: ruleArn }));
    if (!refused) return 'done';
    if (refused.retry && kernel.now() < delivery.ingestedAt + 2 * maximumAgeMs(delivery)) return 'later';
    drop(delivery, `${failure.code}: ${failure.message}, and its dead-letter queue ${queueArn} refused it: ${refused.message}`);
    return 'done';
  };

  const drop = ({ event, target, ruleName }: Delivery, reason: string): void => {
    const message = `Event ${event.id} (${event['detail-type']}) was dropped: rule ${ruleName} could not reach ${target.Arn}. ${reason}`;
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
  };

  const runAll = async (): Promise<void> => {
    for (;;) {
      const rows = due.all(kernel.now(), batch);
      await Promise.all(
        rows.map((row) => {
          const { delivery, lost } = JSON.parse(String(row['value'])) as Pick<Pending, 'delivery' | 'lost'>;
          return attempt({ id: Number(row['id']), retries: Number(row['retries']), delivery, lost });
        }),
      );
      if (rows.length < batch) return;
      // Whoever else wants to run may do so: ten thousand deliveries may be due at once.
      await pause();
    }
  };

  return {
    deliver: (delivery) => attempt({ delivery, retries: 0 }),
    runDue: () => (running ??= runAll().finally(() => (running = undefined))),
    nextDue: () => {
      const at = first.get()?.['due'];
      return at === null || at === undefined ? undefined : Number(at);
    },
    waiting: () => Number(count.get()?.['waiting']),
  };
}

function exhausted(delivery: Delivery, retries: number, now: number): ExhaustedCondition | undefined {
  if (retries >= (delivery.target.RetryPolicy?.MaximumRetryAttempts ?? defaultAttempts)) return 'MaximumRetryAttempts';
  return now >= delivery.ingestedAt + maximumAgeMs(delivery) ? 'MaximumEventAgeInSeconds' : undefined;
}

function maximumAgeMs(delivery: Delivery): number {
  return (delivery.target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultAgeSeconds) * 1000;
}
