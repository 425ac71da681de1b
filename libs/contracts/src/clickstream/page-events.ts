import * as z from 'zod/mini';
import { id, money } from '../common.ts';
import { defineStream } from '../define-stream.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const session = { sessionId: id };

export const pageEvents = defineStream({
  name: 'clickstream.PageEvents.v1',
  description: 'What visitors do in the shop, and what becomes of their orders.',
  records: {
    'page.viewed': z.object({ ...session, page: text(200) }),
    'search.made': z.object({ ...session, words: text(200) }),
    'product.viewed': z.object({ ...session, productId: id }),
    'basket.added': z.object({ ...session, productId: id, quantity: z.int().check(z.gte(1), z.lte(1000)) }),
    'coupon.tried': z.object({ ...session, code: text(40) }),
    'order.placed': z.object({ orderId: id, total: money }),
    /** `milliseconds`: since it was placed, where that was heard. */
    'order.confirmed': z.object({ orderId: id, total: money, milliseconds: z.optional(z.int().check(z.nonnegative())) }),
    'payment.declined': z.object({ orderId: id }),
  },
  // A visitor's events stay in order, and so do those of an order.
  key: (event) => ('sessionId' in event ? event.sessionId : event.orderId),
  expected: { eventsPerSecond: 300_000, bytesPerEvent: 200 },
  example: {
    id: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
    time: '2026-11-02T09:30:00.000Z',
    type: 'product.viewed',
    sessionId: 's-1',
    productId: 'braeburn-apple',
  },
});
