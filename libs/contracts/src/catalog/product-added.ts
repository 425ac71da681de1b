import * as z from 'zod/mini';
import { id, money } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const productAdded = defineEvent({
  type: 'catalog.ProductAdded.v1',
  description: 'A product is on sale for the first time.',
  data: z.object({ productId: id, name: z.string().check(z.minLength(1), z.maxLength(200)), category: id, price: money }),
  subject: (data) => data.productId,
  example: { productId: 'apple-braeburn', name: 'Braeburn apple', category: 'fruit', price: { amount: 49, currency: 'EUR' } },
});
