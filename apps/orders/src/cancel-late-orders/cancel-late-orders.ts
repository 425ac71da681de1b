import { PAYMENT_WINDOW_MS } from '../order.ts';

export interface CancelLateOrdersDeps {
  /** Orders that were placed before an instant and have not ended; at most `limit`. */
  openBefore(instant: string, limit: number): Promise<readonly string[]>;
  cancel(orderId: string): Promise<unknown>;
}

/** What one run takes on; the next run, a minute later, takes the rest. */
const AT_MOST = 500;
const AT_ONCE = 10;

/** Cancels orders whose payment has not come within the window. The clock is the schedule's own time. */
export const cancelLateOrders =
  (deps: CancelLateOrdersDeps) =>
  async ({ time }: { time: Date }): Promise<{ cancelled: number }> => {
    const late = await deps.openBefore(new Date(time.getTime() - PAYMENT_WINDOW_MS).toISOString(), AT_MOST);
    const failures: unknown[] = [];
    for (let start = 0; start < late.length; start += AT_ONCE) {
      const results = await Promise.allSettled(late.slice(start, start + AT_ONCE).map((orderId) => deps.cancel(orderId)));
      failures.push(...results.filter((result) => result.status === 'rejected').map((result) => result.reason));
    }
    if (failures.length > 0) {
      const message = `${failures.length} of ${late.length} late orders could not be cancelled`;
      // The log writes causes, but not what is aggregated.
      throw new AggregateError(failures, message, { cause: failures[0] });
    }
    return { cancelled: late.length };
  };
