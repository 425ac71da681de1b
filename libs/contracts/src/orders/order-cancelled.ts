import * as z from 'zod/mini';
import { id } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const orderCancelled = defineEvent({
  type: 'orders.OrderCancelled.v1',
  description: 'The order ended before it was confirmed: its stock is released, and its payment, if there was one, goes back.',
  data: z.object({ orderId: id, customerId: id, reason: z.enum(['PAYMENT_DECLINED', 'TIMED_OUT']) }),
  subject: (data) => data.orderId,
  example: { orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', customerId: 'f2a1c0de-0000-4000-8000-000000000001', reason: 'PAYMENT_DECLINED' },
});
