import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { toEvent } from '@larder/service/commit';
import { onSchedule } from '@larder/service/on-schedule';
import { advance } from '../advance.ts';
import { openOrdersBefore } from '../orders-table.ts';
import { cancelLateOrders } from './cancel-late-orders.ts';

export const handler = onSchedule(({ time, cause }) =>
  cancelLateOrders({
    openBefore: openOrdersBefore,
    // No `once`: one tick moves many orders, and the condition on each one's status keeps it from being moved twice.
    cancel: (id) =>
      advance(id, 'CANCELLED', { cause }, ({ orderId, customerId }) =>
        toEvent(orderCancelled, { orderId, customerId, reason: 'TIMED_OUT' }),
      ),
  })({ time }),
);
