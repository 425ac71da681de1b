import * as z from 'zod/mini';
import { id, money } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const orderConfirmed = defineEvent({
  type: 'orders.OrderConfirmed.v1',
  description: 'The order is reserved and paid: it will be delivered.',
  data: z.object({ orderId: id, customerId: id, total: money }),
  subject: (data) => data.orderId,
  example: {
    orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
    customerId: 'f2a1c0de-0000-4000-8000-000000000001',
    total: { amount: 294, currency: 'EUR' },
  },
});
