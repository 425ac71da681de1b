import type { orderPlaced } from '@larder/contracts/orders/order-placed';
import type * as z from 'zod/mini';

type Order = z.output<typeof orderPlaced.data>;

/** The same work in all three: a stand-in for the effect, which costs next to nothing. */
export function reserve(order: Order): number {
  let units = 0;
  for (const { quantity } of order.lines) units += quantity;
  return units;
}

export function price(lines: Order['lines']): { orderId: string; status: 'PLACED' } {
  return { orderId: `order-${lines.length}`, status: 'PLACED' };
}
