import type { Messages, StoredMessage } from './messages.ts';
import { milliseconds, type Queue } from './queue.ts';

export interface ReceiveOptions {
  readonly max: number;
  readonly waitMs: number;
  /** The queue's visibility timeout unless said. */
  readonly visibilityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Receiver {
  /** Answers at once when there is a message, else as soon as one becomes visible, else with nothing when the time is over. */
  receive(queue: Queue, options: ReceiveOptions): Promise<StoredMessage[]>;
  /** To be called after anything that may have made a message of the queue visible, or changed when one will be. */
  wake(queue: Queue): void;
  /** Ends all waits with nothing. */
  release(queueName?: string): void;
}

interface Waiter {
  readonly max: number;
  readonly visibilityMs: number | undefined;
  answer(messages: StoredMessage[]): void;
}

/** Those who wait at a queue, served in their order, and the timer for the next message that becomes visible. */
interface Line {
  readonly waiters: Set<Waiter>;
  timer?: NodeJS.Timeout | undefined;
}

/** No longer sleep than this, so that a clock that jumps is noticed. */
const longestSleepMs = 1000;

/** Long polling without polling: whoever waits is woken by the send, the visibility timeout or the delay that ends. */
export function createReceiver(messages: Messages, now: () => number): Receiver {
  const lines = new Map<string, Line>();
  const take = (queue: Queue, { max, visibilityMs }: Pick<Waiter, 'max' | 'visibilityMs'>, at: number): StoredMessage[] =>
    messages.take(queue, max, visibilityMs ?? milliseconds(queue, 'VisibilityTimeout'), at);

  const serve = (queue: Queue): void => {
    const line = lines.get(queue.name);
    if (!line) return;
    // One moment for both questions: what became visible between them would be forgotten.
    const at = now();
    for (const waiter of line.waiters) {
      const taken = take(queue, waiter, at);
      if (taken.length === 0) break;
      waiter.answer(taken);
    }
    clearTimeout(line.timer);
    const due = line.waiters.size > 0 ? messages.nextVisible(queue, at) : undefined;
    line.timer = due === undefined ? undefined : setTimeout(() => serve(queue), Math.min(Math.max(due - at, 1), longestSleepMs));
  };

  return {
    async receive(queue, { max, waitMs, visibilityMs, signal }) {
      const line = lines.get(queue.name) ?? { waiters: new Set() };
      lines.set(queue.name, line);
      const taken = line.waiters.size > 0 && waitMs > 0 ? [] : take(queue, { max, visibilityMs }, now());
      if (taken.length > 0 || waitMs <= 0 || signal?.aborted) {
        if (line.waiters.size > 0) serve(queue);
        return taken;
      }
      return new Promise((resolve) => {
        const answer = (found: StoredMessage[]): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', nothing);
          line.waiters.delete(waiter);
          resolve(found);
        };
        const nothing = (): void => answer([]);
        const waiter: Waiter = { max, visibilityMs, answer };
        const timer = setTimeout(nothing, waitMs);
        signal?.addEventListener('abort', nothing, { once: true });
        line.waiters.add(waiter);
        serve(queue);
      });
    },
    wake: serve,
    release(queueName) {
      for (const [name, line] of lines) {
        if (queueName !== undefined && name !== queueName) continue;
        clearTimeout(line.timer);
        for (const waiter of [...line.waiters]) waiter.answer([]);
        lines.delete(name);
      }
    },
  };
}
