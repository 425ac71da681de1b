import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';
import type { MessageAttributes, NewMessage } from './message.ts';
import { isFifo, milliseconds, type Queue, redrivePolicyOf } from './queue.ts';

/** A message as it is stored. Times are milliseconds since 1970. */
export interface StoredMessage {
  /** Grows with each message of the engine: order within a FIFO queue. */
  readonly id: number;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | undefined;
  readonly sent: number;
  readonly visible: number;
  readonly receipt: string | undefined;
  readonly receives: number;
  readonly firstReceived: number | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** The queue that it was moved from. */
  readonly sourceArn: string | undefined;
}

export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Messages {
  /** Stores a message and returns its id. */
  add(queue: Queue, message: NewMessage): number;
  /** Gives what is visible at a time, oldest first, and hides it; moves what was received too often to the dead-letter queue. */
  take(queue: Queue, max: number, visibilityMs: number, at: number): StoredMessage[];
  /** Deletes the message of a receipt handle. A message that is gone already is no error. */
  delete(queue: Queue, receipt: string): 'done' | 'expired';
  /** Hides a message for so long from now, and no longer than twelve hours from when it was received. */
  hide(queue: Queue, receipt: string, ms: number): 'done' | 'unknown receipt' | 'not in flight' | 'too long';
  /** Whether as many messages are in flight as a queue may have. */
  isFull(queue: Queue): boolean;
  /** When the first message that is hidden at a time becomes visible. */
  nextVisible(queue: Queue, at: number): number | undefined;
  counts(queue: Queue): Counts;
  /** Messages in their order, without receiving them. */
  peek(queue: Queue, limit: number): StoredMessage[];
  /** Takes a visible message out of a queue, for good. */
  pull(queue: Queue): StoredMessage | undefined;
  purge(queue: Queue): void;
  /** Deletes what is older than its queue keeps messages. */
  expire(queue: Queue): void;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const mostInFlight = 120_000;
/** From the receive on, however often it is prolonged. */
const longestHiddenMs = 12 * 60 * 60 * 1000;

/** @param queueOf finds a dead-letter queue; @param moved is told of the queue that a message was moved to. */
export function createMessages(
  database: Database,
  now: () => number,
  queueOf: (arn: string) => Queue | undefined,
  moved: (queue: Queue) => void,
): Messages {
  const { sql } = database;
  const insert = sql.prepare(
    'INSERT INTO messages (queue, message_id, body, attributes, trace_header, sent, visible, group_id, deduplication_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const ready = sql.prepare('SELECT * FROM messages WHERE queue = ? AND visible <= ? ORDER BY visible, id LIMIT ?');
  // A group waits while one of its messages is in flight, and behind an earlier one that is delayed.
  const readyFifo = sql.prepare(
    `SELECT * FROM messages AS m WHERE queue = ?1 AND visible <= ?2 AND NOT EXISTS (
       SELECT 1 FROM messages AS b WHERE b.queue = ?1 AND b.group_id = m.group_id AND b.visible > ?2 AND (b.receipt IS NOT NULL OR b.id < m.id)
     ) ORDER BY id LIMIT ?3`,
  );
  const receive = sql.prepare(
    'UPDATE messages SET receipt = ?, visible = ?, receives = receives + 1, first_received = coalesce(first_received, ?) WHERE id = ?',
  );
  const move = sql.prepare('UPDATE messages SET queue = ?, visible = ?, receipt = NULL, source_arn = ? WHERE id = ?');
  const byId = sql.prepare('SELECT * FROM messages WHERE id = ? AND queue = ?');
  const remove = sql.prepare('DELETE FROM messages WHERE id = ?');
  const setVisible = sql.prepare('UPDATE messages SET visible = ? WHERE id = ?');
  const next = sql.prepare('SELECT min(visible) AS visible FROM messages WHERE queue = ? AND visible > ?');
  const count = sql.prepare(
    `SELECT total(visible <= ?2) AS visible, total(visible > ?2 AND receipt IS NOT NULL) AS inFlight, total(visible > ?2 AND receipt IS NULL) AS delayed
     FROM messages WHERE queue = ?1`,
  );
  const tooMany = sql.prepare('SELECT 1 FROM messages WHERE queue = ? AND visible > ? AND receipt IS NOT NULL LIMIT 1 OFFSET ?');
  const first = sql.prepare('SELECT * FROM messages WHERE queue = ? ORDER BY id LIMIT ?');
  const removeAll = sql.prepare('DELETE FROM messages WHERE queue = ?');
  const removeOld = sql.prepare('DELETE FROM messages WHERE queue = ? AND sent < ?');

  /** The message of a receipt handle, if the handle is of its last receive. */
  const find = (queue: Queue, receipt: string): StoredMessage | undefined => {
    const row = byId.get(numberOf(receipt), queue.name);
    return row?.['receipt'] === receipt ? toMessage(row) : undefined;
  };

  const isFull = (queue: Queue): boolean => tooMany.get(queue.name, now(), mostInFlight - 1) !== undefined;

  const takeOnce = (queue: Queue, max: number, visibilityMs: number, at: number): { taken: StoredMessage[]; seen: number } => {
    const redrive = redrivePolicyOf(queue);
    const deadLetters = redrive && queueOf(redrive.deadLetterTargetArn);
    const oldest = at - milliseconds(queue, 'MessageRetentionPeriod');
    const rows = (isFifo(queue) ? readyFifo : ready).all(queue.name, at, max);
    const taken: StoredMessage[] = [];
    for (const row of rows) {
      const message = toMessage(row);
      if (message.sent < oldest) remove.run(message.id);
      else if (redrive && deadLetters && message.receives >= redrive.maxReceiveCount) {
        move.run(deadLetters.name, at, queue.arn, message.id);
        moved(deadLetters);
      } else {
        const receipt = `${message.id}.${Math.floor(at)}.${randomUUID()}`;
        receive.run(receipt, at + visibilityMs, at, message.id);
        taken.push({ ...message, receipt, receives: message.receives + 1, firstReceived: message.firstReceived ?? at });
      }
    }
    return { taken, seen: rows.length };
  };

  return {
    add(queue, { messageId, body, attributes, traceHeader, delayMs, groupId, deduplicationId }) {
      const at = now();
      const values = [queue.name, messageId, body, JSON.stringify(attributes), traceHeader ?? null, at, at + delayMs];
      return Number(insert.run(...values, groupId ?? null, deduplicationId ?? null).lastInsertRowid);
    },
    take: (queue, max, visibilityMs, at) =>
      database.transaction(() => {
        if (isFull(queue)) return [];
        const taken: StoredMessage[] = [];
        while (taken.length < max) {
          const { taken: more, seen } = takeOnce(queue, max - taken.length, visibilityMs, at);
          taken.push(...more);
          if (seen === more.length) break;
        }
        return taken;
      }),
    delete(queue, receipt) {
      const message = find(queue, receipt);
      if (isFifo(queue) && (message ? message.visible <= now() : byId.get(numberOf(receipt), queue.name))) return 'expired';
      if (message) remove.run(message.id);
      return 'done';
    },
    hide(queue, receipt, ms) {
      const message = find(queue, receipt);
      if (!message) return 'unknown receipt';
      if (message.visible <= now()) return 'not in flight';
      if (now() + ms > receivedAt(receipt) + longestHiddenMs) return 'too long';
      setVisible.run(now() + ms, message.id);
      return 'done';
    },
    isFull,
    nextVisible: (queue, at) => (next.get(queue.name, at)?.['visible'] as number | null) ?? undefined,
    counts: (queue) => count.get(queue.name, now()) as unknown as Counts,
    peek: (queue, limit) => first.all(queue.name, limit).map(toMessage),
    pull(queue) {
      const [row] = ready.all(queue.name, now(), 1);
      if (!row) return undefined;
      const message = toMessage(row);
      remove.run(message.id);
      return message;
    },
    purge: (queue) => void removeAll.run(queue.name),
    expire: (queue) => void removeOld.run(queue.name, now() - milliseconds(queue, 'MessageRetentionPeriod')),
  };
}

/** Receipt handles are `<message>.<time of the receive>.<random>`. */
export function isReceipt(text: string): boolean {
  return /^\d+\.\d+\.[0-9a-f-]{36}$/.test(text);
}

function numberOf(receipt: string): number {
  return Number.parseInt(receipt, 10) || 0;
}

function receivedAt(receipt: string): number {
  return Number.parseInt(receipt.split('.')[1] ?? '', 10);
}

function toMessage(row: Record<string, unknown>): StoredMessage {
  return {
    id: row['id'] as number,
    messageId: row['message_id'] as string,
    body: row['body'] as string,
    attributes: JSON.parse(row['attributes'] as string) as MessageAttributes,
    traceHeader: (row['trace_header'] as string | null) ?? undefined,
    sent: row['sent'] as number,
    visible: row['visible'] as number,
    receipt: (row['receipt'] as string | null) ?? undefined,
    receives: row['receives'] as number,
    firstReceived: (row['first_received'] as number | null) ?? undefined,
    groupId: (row['group_id'] as string | null) ?? undefined,
    deduplicationId: (row['deduplication_id'] as string | null) ?? undefined,
    sourceArn: (row['source_arn'] as string | null) ?? undefined,
  };
}
