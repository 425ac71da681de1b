import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { orderConfirmed } from '@larder/contracts/orders/order-confirmed';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { onEvent } from '@larder/service/on-event';
import { produce } from '@larder/service/produce';
import { findPlaced, keepPlaced } from '../placed-orders-table.ts';
import { followOrders } from './follow-orders.ts';

const follow = followOrders({ keepPlaced, findPlaced, produce: (event) => produce(pageEvents, 'PageEvents', [event]) });

export const handler = onEvent([orderPlaced, orderConfirmed], ({ id, type, time, data: { orderId, total } }) =>
  follow({ id, type, time, orderId, total }),
);
