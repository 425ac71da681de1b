import * as z from 'zod/mini';
import { id, instant, money } from '../common.ts';
import { defineApi } from '../define-api.ts';

/** What became of a charge. `VOIDED`: called off before it was ever made, and so it never will be. */
export const chargeStatus = z.enum(['CAPTURED', 'DECLINED', 'REFUNDED', 'VOIDED']);
export type ChargeStatus = z.output<typeof chargeStatus>;

const charge = z.object({ chargeId: id, orderId: id, status: chargeStatus, amount: z.optional(money), createdAt: instant });

const example = {
  chargeId: 'ch_7Q4T9V6W2X',
  orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
  status: 'CAPTURED',
  amount: { amount: 294, currency: 'EUR' },
  createdAt: '2026-11-02T09:30:01.000Z',
};

export const pspSandboxApi = defineApi({
  service: 'psp-sandbox',
  description: 'A stand-in for an outside payment provider, with a ledger of its own. Never deployed in production.',
  routes: {
    createCharge: {
      method: 'POST',
      path: '/charges',
      auth: 'key',
      idempotent: true,
      summary: 'Take money. One charge an order: asked again, the provider answers what it answered before',
      body: z.object({ orderId: id, amount: money, paymentToken: z.string().check(z.minLength(1), z.maxLength(64)) }),
      success: { status: 200, body: charge },
      errors: {
        INVALID_KEY: { status: 401, description: 'The API key is missing or wrong.' },
        KEY_REUSED: { status: 409, description: 'This order was charged before, with another amount or token.' },
        PROVIDER_UNAVAILABLE: { status: 503, description: 'The provider cannot answer now. Nothing was charged.' },
      },
      example: { body: { orderId: example.orderId, amount: example.amount, paymentToken: 'tok_ok' }, response: example },
    },
    reverseCharge: {
      method: 'POST',
      path: '/charges/{orderId}/reversal',
      auth: 'key',
      idempotent: true,
      summary: 'Undo the charge of an order, whatever became of it: a capture is refunded, and one that has not come yet never will',
      params: z.object({ orderId: id }),
      success: { status: 200, body: charge },
      errors: { INVALID_KEY: { status: 401, description: 'The API key is missing or wrong.' } },
      example: { params: { orderId: example.orderId }, response: { ...example, status: 'REFUNDED' } },
    },
    listCharges: {
      method: 'GET',
      path: '/charges',
      auth: 'public',
      summary: "The provider's own ledger of an order",
      query: z.object({ orderId: id }),
      success: { status: 200, body: z.object({ items: z.array(charge) }) },
      example: { query: { orderId: example.orderId }, response: { items: [example] } },
    },
  },
});
