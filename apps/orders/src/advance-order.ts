import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import { mayBecome, type Order } from './order.ts';

export interface AdvanceOrderDeps {
  /** The order as it is now, by a strongly consistent read. */
  find(orderId: string): Promise<Order | undefined>;
  /** Writes the new status together with what there is to say about it; false when the order has another status by now. */
  write(order: Order, to: OrderStatus): Promise<boolean>;
}

/** How often a step is tried again when another one got in between. More than that, and the queue tries again later. */
const ATTEMPTS = 5;

/**
 * Takes an order one step further, if its status allows the step. Events arrive twice, late and in any order,
 * so a step that comes too late is no error: the order has an end already, or is further than that.
 *
 * @throws when there is no such order, or when others get in between again and again.
 */
export const advanceOrder =
  (deps: AdvanceOrderDeps) =>
  async (orderId: string, to: OrderStatus): Promise<'advanced' | 'too late'> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const order = await deps.find(orderId);
      if (!order) throw new Error(`no order ${orderId}`);
      if (!mayBecome(order.status, to)) return 'too late';
      if (await deps.write(order, to)) return 'advanced';
    }
    throw new Error(`order ${orderId} is being changed by others`);
  };
