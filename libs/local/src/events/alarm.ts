/** Wakes when something is due by the kernel's clock. */
export interface Alarm {
  /** Call when something may be due earlier than before. */
  reset(): void;
  close(): void;
}

/** No longer sleep than this, so that a clock that was set, or a laptop that was asleep, is noticed. */
const longestSleepMs = 15_000;

export function createAlarm(now: () => number, nextDue: () => number | undefined, run: () => Promise<void>): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const arm = (): void => {
    clearTimeout(timer);
    if (closed) return;
    const wait = Math.max(1, Math.min(longestSleepMs, (nextDue() ?? Infinity) - now()));
    timer = setTimeout(() => void run().finally(arm), wait);
    timer.unref();
  };
  arm();
  return {
    reset: arm,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
