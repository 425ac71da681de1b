import { z } from 'zod';

// The contracts of the other two, in the classic API of zod, which Powertools' parser is written for.
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
const money = z.object({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) });
export const lines = z
  .array(z.object({ productId: id, quantity: z.int().gte(1).lte(1000) }))
  .min(1)
  .max(20);
export const order = z.object({ orderId: id, customerId: id, lines, total: money, placedAt: z.iso.datetime() });
export const placement = z.object({ lines, paymentToken: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
export const placed = z.object({ orderId: id, status: z.enum(['PLACED', 'RESERVED', 'CONFIRMED', 'REJECTED', 'CANCELLED']) });
const name = z.string().min(1).max(256);
/** What the kit checks of CloudEvents' envelope. */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: name,
  type: z.literal('orders.OrderPlaced.v1'),
  time: z.iso.datetime(),
  subject: name,
  correlationid: name.optional(),
  causationid: name.optional(),
  traceparent: name.optional(),
});
