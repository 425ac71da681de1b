import type { Charge, Payment, PaymentProvider } from '../payment.ts';

export interface CancelPaymentDeps {
  readonly provider: PaymentProvider;
  find(orderId: string): Promise<Payment | undefined>;
  /** Leaves word that this order is never to be charged. False when a charge has begun meanwhile. */
  forbid(orderId: string): Promise<boolean>;
  /** Writes that the money went back, or that none was taken, if the payment is still as it was read. */
  undo(payment: Payment, charge: Charge): Promise<boolean>;
}

const ATTEMPTS = 3;

/** Makes sure that a cancelled order has cost nothing, whether its charge has not begun, is under way or is done. */
export const cancelPayment =
  (deps: CancelPaymentDeps) =>
  async (orderId: string): Promise<'forbidden' | 'undone' | 'nothing to do'> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const payment = await deps.find(orderId);
      if (!payment) {
        if (await deps.forbid(orderId)) return 'forbidden';
      } else if (payment.status === 'CHARGING' || payment.status === 'CAPTURED') {
        // The provider first: once it has answered, this charge can never be captured again, whatever else is under way.
        const charge = await deps.provider.reverse(orderId);
        if (await deps.undo(payment, charge)) return 'undone';
      } else {
        return 'nothing to do';
      }
    }
    throw new Error(`the payment of order ${orderId} is being changed by others`);
  };
