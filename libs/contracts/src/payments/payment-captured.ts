import * as z from 'zod/mini';
import { id, money } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const paymentCaptured = defineEvent({
  type: 'payments.PaymentCaptured.v1',
  description: 'The payment provider took the money for an order.',
  data: z.object({ orderId: id, chargeId: id, amount: money }),
  subject: (data) => data.orderId,
  example: { orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', chargeId: 'ch_7Q4T9V6W2X', amount: { amount: 294, currency: 'EUR' } },
});
