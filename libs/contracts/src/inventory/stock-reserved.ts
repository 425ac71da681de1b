import * as z from 'zod/mini';
import { id, lines } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const stockReserved = defineEvent({
  type: 'inventory.StockReserved.v1',
  description: 'All lines of an order are set aside for it.',
  data: z.object({ orderId: id, lines }),
  subject: (data) => data.orderId,
  example: { orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', lines: [{ productId: 'apple-braeburn', quantity: 6 }] },
});
