import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { ApiError } from '@larder/contracts';
import { client } from '@larder/service/client';
import { CallFailed } from '@larder/service/errors';
import { secret } from '@larder/service/secret';
import { ProviderUnavailable, type PaymentProvider } from './payment.ts';

/** Longer than the provider takes on a slow day, and short enough to ask it twice, and to undo the charge, within the function's time. */
const PATIENCE = { timeout: 6_000, within: 8_000 };

const psp = client(pspSandboxApi, {
  ...PATIENCE,
  headers: async () => ({ authorization: `Bearer ${await secret('psp-sandbox/api-key')}` }),
});

/** The outside provider: the one file to change for another one. */
export const provider: PaymentProvider = {
  charge: (orderId, amount, paymentToken) => asked(psp.createCharge({ body: { orderId, amount, paymentToken } })),
  reverse: (orderId) => asked(psp.reverseCharge({ params: { orderId } })),
};

/** Tells "it did not answer" from "it said no, and we are wrong". */
async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question;
  } catch (error) {
    const silent = error instanceof CallFailed && error.code !== 'REFUSED' && error.code !== 'UNEXPECTED_ANSWER';
    const unavailable = error instanceof ApiError && error.status >= 500;
    throw silent || unavailable ? new ProviderUnavailable('the payment provider does not answer', { cause: error }) : error;
  }
}
