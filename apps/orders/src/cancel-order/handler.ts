import { paymentDeclined } from '@larder/contracts/payments/payment-declined';
import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { toEvent } from '@larder/service/commit';
import { onEvent } from '@larder/service/on-event';
import { advance } from '../advance.ts';

export const handler = onEvent(paymentDeclined, (event) =>
  advance(event.data.orderId, 'CANCELLED', event, ({ orderId, customerId }) =>
    toEvent(orderCancelled, { orderId, customerId, reason: 'PAYMENT_DECLINED' }),
  ),
);
