import * as z from 'zod/mini';
import { id, instant, lines, money } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const orderPlaced = defineEvent({
  type: 'orders.OrderPlaced.v1',
  description: 'A shopper placed an order, and Larder accepted it at these prices.',
  data: z.object({ orderId: id, customerId: id, lines, total: money, placedAt: instant }),
  subject: (data) => data.orderId,
  example: {
    orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
    customerId: 'f2a1c0de-0000-4000-8000-000000000001',
    lines: [{ productId: 'apple-braeburn', quantity: 6 }],
    total: { amount: 294, currency: 'EUR' },
    placedAt: '2026-11-02T09:30:00.000Z',
  },
});
