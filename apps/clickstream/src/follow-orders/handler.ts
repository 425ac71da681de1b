import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { orderConfirmed } from '@larder/contracts/orders/order-confirmed';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { paymentDeclined } from '@larder/contracts/payments/payment-declined';
import { onEvent } from '@larder/service/on-event';
import { produce } from '@larder/service/produce';
import { findPlaced, keepPlaced } from '../placed-orders-table.ts';
import { followOrders } from './follow-orders.ts';

const follow = followOrders({ keepPlaced, findPlaced, produce: (event) => produce(pageEvents, 'PageEvents', [event]) });

export const handler = onEvent([orderPlaced, orderConfirmed, paymentDeclined], ({ id, type, time, data }) =>
  type === 'payments.PaymentDeclined.v1'
    ? follow({ id, type, time, orderId: data.orderId })
    : follow({ id, type, time, orderId: data.orderId, total: data.total }),
);
