import * as z from 'zod/mini';
import { id, shortages } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const orderRejected = defineEvent({
  type: 'orders.OrderRejected.v1',
  description: 'The order could not be reserved: there was not enough stock.',
  data: z.object({ orderId: id, customerId: id, shortages }),
  subject: (data) => data.orderId,
  example: {
    orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
    customerId: 'f2a1c0de-0000-4000-8000-000000000001',
    shortages: [{ productId: 'apple-braeburn', requested: 6, available: 2 }],
  },
});
