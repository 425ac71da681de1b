import { paymentCaptured } from '@larder/contracts/payments/payment-captured';
import { orderConfirmed } from '@larder/contracts/orders/order-confirmed';
import { toEvent } from '@larder/service/commit';
import { onEvent } from '@larder/service/on-event';
import { advance } from '../advance.ts';

export const handler = onEvent(paymentCaptured, (event) =>
  advance(event.data.orderId, 'CONFIRMED', event, ({ orderId, customerId, total }) =>
    toEvent(orderConfirmed, { orderId, customerId, total }),
  ),
);
