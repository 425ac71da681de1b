import type { Line, Shortage } from '@larder/contracts/common';

/** How much there is of a product. What was received is always `available + reserved + sold`. */
export interface Stock {
  readonly productId: string;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly received: number;
}

/** What is set aside for an order. `REJECTED` and `RELEASED` hold nothing; they remember that nothing may be set aside any more. */
export interface Reservation {
  readonly orderId: string;
  readonly status: 'RESERVED' | 'SOLD' | 'RELEASED' | 'REJECTED';
  readonly lines: readonly Line[];
}

/** What of an order there is not enough of. A product that is not stocked has nothing available. */
export function shortagesOf(lines: readonly Line[], available: ReadonlyMap<string, number>): Shortage[] {
  return lines
    .map(({ productId, quantity }) => ({ productId, requested: quantity, available: available.get(productId) ?? 0 }))
    .filter(({ requested, available: left }) => left < requested);
}
