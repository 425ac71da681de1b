import * as z from 'zod/mini';
import { cursor, id, instant, limit, lines, money } from '../common.ts';
import { defineApi } from '../define-api.ts';

/** Where an order can be. `CONFIRMED`, `REJECTED` and `CANCELLED` are ends. */
export const orderStatus = z.enum(['PLACED', 'RESERVED', 'CONFIRMED', 'REJECTED', 'CANCELLED']);
export type OrderStatus = z.output<typeof orderStatus>;

const order = z.object({ orderId: id, status: orderStatus, lines, total: money, placedAt: instant });

const orderId = '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D';
const example = {
  orderId,
  status: 'CONFIRMED',
  lines: [{ productId: 'apple-braeburn', quantity: 6 }],
  total: { amount: 294, currency: 'EUR' },
  placedAt: '2026-11-02T09:30:00.000Z',
};
const unknownOrder = { status: 404, description: 'There is no such order.' };

export const ordersApi = defineApi({
  service: 'orders',
  description: 'Taking an order and seeing it through.',
  routes: {
    placeOrder: {
      method: 'POST',
      path: '/',
      auth: 'jwt',
      summary: 'Place an order; it is confirmed, rejected or cancelled a moment later',
      idempotencyKey: 'required',
      body: z.object({ lines, paymentToken: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)) }),
      success: { status: 202, body: z.object({ orderId: id, status: orderStatus }) },
      errors: {
        UNKNOWN_PRODUCT: { status: 422, description: 'The order names a product that does not exist.' },
        DUPLICATE_PRODUCT: { status: 422, description: 'The order names a product twice: add up the quantities.' },
        TOTAL_TOO_LARGE: { status: 422, description: 'The order is worth more than one order may be.' },
      },
      example: {
        body: { lines: [{ productId: 'apple-braeburn', quantity: 6 }], paymentToken: 'tok_ok' },
        response: { orderId, status: 'PLACED' },
      },
    },
    listOrders: {
      method: 'GET',
      path: '/',
      auth: 'jwt',
      summary: "List one's own orders, the newest first",
      query: z.object({ limit, cursor: z.optional(cursor) }),
      success: { status: 200, body: z.object({ items: z.array(order), cursor: z.optional(cursor) }) },
      errors: { INVALID_CURSOR: { status: 400, description: 'The cursor does not belong to this list: start again without it.' } },
      example: { query: { limit: '20' }, response: { items: [example] } },
    },
    getOrder: {
      method: 'GET',
      path: '/{orderId}',
      auth: 'jwt',
      summary: "Look up one of one's own orders",
      params: z.object({ orderId: id }),
      success: { status: 200, body: order },
      errors: { UNKNOWN_ORDER: unknownOrder },
      example: { params: { orderId }, response: example },
    },
    getPaymentInstruction: {
      method: 'GET',
      path: '/{orderId}/payment',
      auth: 'iam',
      summary: 'How an order is to be paid: asked by payments, so that no payment token travels in an event',
      params: z.object({ orderId: id }),
      success: { status: 200, body: z.object({ amount: money, paymentToken: z.string() }) },
      errors: {
        UNKNOWN_ORDER: unknownOrder,
        ORDER_ENDED: { status: 409, description: 'The order has come to its end: there is nothing to pay any more.' },
      },
      example: { params: { orderId }, response: { amount: { amount: 294, currency: 'EUR' }, paymentToken: 'tok_ok' } },
    },
    getContact: {
      method: 'GET',
      path: '/{orderId}/contact',
      auth: 'iam',
      summary: 'Where to write about an order: asked by notifications, so that no address travels in an event',
      params: z.object({ orderId: id }),
      success: { status: 200, body: z.object({ email: z.email({ pattern: z.regexes.html5Email }) }) },
      errors: { UNKNOWN_ORDER: unknownOrder },
      example: { params: { orderId }, response: { email: 'shopper@example.com' } },
    },
  },
});
