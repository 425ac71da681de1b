import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import type { EventOnce, NewEvent } from '@larder/service/commit';
import type { Cause } from '@larder/service/invocation';
import { advanceOrder } from './advance-order.ts';
import type { Order } from './order.ts';
import { findOrder, writeStatus } from './orders-table.ts';

/** {@link advanceOrder} on the table: takes an order one step further because something happened, and says what there is to say about it. */
export function advance(
  orderId: string,
  to: OrderStatus,
  origin: { once?: EventOnce; cause: Cause },
  eventOf?: (order: Order) => NewEvent,
): Promise<'advanced' | 'too late'> {
  const { once, cause } = origin;
  return advanceOrder({
    find: findOrder,
    write: (order, status) => writeStatus(order, status, { once, cause, events: eventOf ? [eventOf(order)] : [] }),
  })(orderId, to);
}
