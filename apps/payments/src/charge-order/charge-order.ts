import type { Money } from '@larder/contracts/common';
import { ProviderUnavailable, type Charge, type Payment, type PaymentProvider } from '../payment.ts';

/** What came of asking for the money. */
export type ChargeOutcome =
  | { readonly kind: 'captured'; readonly chargeId: string; readonly amount: Money }
  | { readonly kind: 'declined'; readonly reason: 'DECLINED' | 'PROVIDER_ERROR' };

export interface ChargeOrderDeps {
  readonly provider: PaymentProvider;
  find(orderId: string): Promise<Payment | undefined>;
  /** How the order is to be paid; undefined when it has ended and there is nothing to pay any more. */
  instruction(orderId: string): Promise<{ amount: Money; paymentToken: string } | undefined>;
  /** Remembers that the provider is about to be asked. False when the payment has an outcome already. */
  begin(orderId: string, amount: Money): Promise<boolean>;
  /** Keeps the outcome and says so, in one write. False when the payment was cancelled meanwhile. */
  settle(orderId: string, outcome: ChargeOutcome): Promise<boolean>;
}

/**
 * Charges an order whose stock is reserved. That a charge may be under way is written before the provider is asked, so that whoever cancels
 * the order knows that there may be something to undo; and the provider keeps one charge an order, so that asking again is harmless.
 */
export const chargeOrder =
  (deps: ChargeOrderDeps) =>
  async (orderId: string): Promise<'captured' | 'declined' | 'nothing to do' | 'undone'> => {
    const payment = await deps.find(orderId);
    if (payment && payment.status !== 'CHARGING') return 'nothing to do';

    const instruction = await deps.instruction(orderId);
    if (!instruction) return 'nothing to do';
    if (!(await deps.begin(orderId, instruction.amount))) return 'nothing to do';

    const outcome = await ask(deps.provider, orderId, instruction);
    if (await deps.settle(orderId, outcome)) return outcome.kind;

    // The order was cancelled while the provider was at work: the money goes back. Who cancelled it does the same; once is enough, twice is harmless.
    await deps.provider.reverse(orderId);
    return 'undone';
  };

async function ask(
  provider: PaymentProvider,
  orderId: string,
  { amount, paymentToken }: { amount: Money; paymentToken: string },
): Promise<ChargeOutcome> {
  // Without an answer it is asked again what became of the charge, before that is undone: a lost reply costs no order, even when the client may retry nothing any more.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      return toOutcome(await provider.charge(orderId, amount, paymentToken), amount);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
    }
  }
  // Nobody knows whether it charged. Undoing it whatever became of it makes that certain: from here on it never will have.
  await provider.reverse(orderId);
  return { kind: 'declined', reason: 'PROVIDER_ERROR' };
}

function toOutcome(charge: Charge, amount: Money): ChargeOutcome {
  return charge.status === 'CAPTURED'
    ? { kind: 'captured', chargeId: charge.chargeId, amount }
    : { kind: 'declined', reason: charge.status === 'DECLINED' ? 'DECLINED' : 'PROVIDER_ERROR' };
}
