import type { Line, Shortage } from '@larder/contracts/common';
import { shortagesOf } from '../stock.ts';

/** What came of trying to set all lines aside. `settled`: this order was seen to before. */
export type ReserveAttempt =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'settled' }
  | { readonly kind: 'short'; /** What there was, by product. */ readonly available: ReadonlyMap<string, number> };

export interface ReserveStockDeps {
  /** All lines or none, and the word of it, in one write. */
  reserve(orderId: string, lines: readonly Line[]): Promise<ReserveAttempt>;
  /** Remembers that the order gets nothing, and says so, in one write. */
  reject(orderId: string, lines: readonly Line[], shortages: readonly Shortage[]): Promise<void>;
}

/** Sets aside what an order asks for, or nothing at all. */
export const reserveStock =
  (deps: ReserveStockDeps) =>
  async ({ orderId, lines }: { orderId: string; lines: readonly Line[] }): Promise<'reserved' | 'rejected' | 'settled'> => {
    const attempt = await deps.reserve(orderId, lines);
    if (attempt.kind !== 'short') return attempt.kind;
    await deps.reject(orderId, lines, shortagesOf(lines, attempt.available));
    return 'rejected';
  };
