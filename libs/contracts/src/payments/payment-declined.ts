import * as z from 'zod/mini';
import { id } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const paymentDeclined = defineEvent({
  type: 'payments.PaymentDeclined.v1',
  description: 'The money for an order was not taken, and will not be.',
  data: z.object({ orderId: id, reason: z.enum(['DECLINED', 'PROVIDER_ERROR']) }),
  subject: (data) => data.orderId,
  example: { orderId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', reason: 'DECLINED' },
});
