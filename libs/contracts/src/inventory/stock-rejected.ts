import * as z from 'zod/mini';
import { id, shortages } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const stockRejected = defineEvent({
  type: 'inventory.StockRejected.v1',
  description: 'An order asked for more than there is; nothing is set aside for it.',
  data: z.object({ orderId: id, shortages }),
  subject: (data) => data.orderId,
  example: { orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', shortages: [{ productId: 'apple-braeburn', requested: 6, available: 2 }] },
});
