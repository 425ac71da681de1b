import { stockRejected } from '@larder/contracts/inventory/stock-rejected';
import { orderRejected } from '@larder/contracts/orders/order-rejected';
import { toEvent } from '@larder/service/commit';
import { onEvent } from '@larder/service/on-event';
import { advance } from '../advance.ts';

export const handler = onEvent(stockRejected, (event) =>
  advance(event.data.orderId, 'REJECTED', event, ({ orderId, customerId }) =>
    toEvent(orderRejected, { orderId, customerId, shortages: event.data.shortages }),
  ),
);
