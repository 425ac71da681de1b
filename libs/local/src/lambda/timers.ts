import type { Kernel } from '../kernel/kernel.ts';

/** Things to do later, by the cloud's clock. */
export interface Timers {
  /** Calls back once, at a time in milliseconds since 1970 or soon after; returns how to cancel. */
  at(due: number, act: () => void): () => void;
  /** Resolves after a while, or as soon as the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Looks at the clock again, because it was moved. */
  wake(): void;
  close(): void;
}

/** A clock that jumps is noticed within this time. */
const LOOK_MS = 1000;

export function createTimers(kernel: Kernel): Timers {
  const entries = new Set<{ due: number; act: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const plan = (): void => {
    clearTimeout(timer);
    if (entries.size === 0) return;
    let next = Infinity;
    for (const { due } of entries) next = Math.min(next, due);
    timer = setTimeout(wake, Math.max(0, Math.min(LOOK_MS, next - kernel.now())));
    timer.unref();
  };

  const wake = (): void => {
    const now = kernel.now();
    for (const entry of [...entries]) {
      if (entry.due > now || !entries.delete(entry)) continue;
      entry.act();
    }
    plan();
  };

  const at = (due: number, act: () => void): (() => void) => {
    const entry = { due, act };
    entries.add(entry);
    plan();
    return () => void entries.delete(entry);
  };

  return {
    at,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const stop = (): void => {
          cancel();
          resolve();
        };
        const cancel = at(kernel.now() + ms, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        signal?.addEventListener('abort', stop, { once: true });
      }),
    wake,
    close() {
      entries.clear();
      clearTimeout(timer);
    },
  };
}
