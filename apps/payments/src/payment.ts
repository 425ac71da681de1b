import type { Money } from '@larder/contracts/common';

/**
 * Where the payment of an order can be.
 * `CHARGING`: the provider may have been asked · `CANCELLED`: the order ended before the money came; none was taken, or it went back ·
 * `REFUNDED`: it was captured, and went back.
 */
export type PaymentStatus = 'CHARGING' | 'CAPTURED' | 'DECLINED' | 'CANCELLED' | 'REFUNDED';

export interface Payment {
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly chargeId?: string | undefined;
  readonly amount?: Money | undefined;
}

/** What the provider says of a charge. */
export interface Charge {
  readonly chargeId: string;
  readonly status: 'CAPTURED' | 'DECLINED' | 'REFUNDED' | 'VOIDED';
  readonly amount?: Money | undefined;
}

/** The outside payment provider. Both calls may be repeated: there is one charge an order. */
export interface PaymentProvider {
  /** @throws {ProviderUnavailable} when it did not answer, and nobody knows whether it charged. */
  charge(orderId: string, amount: Money, paymentToken: string): Promise<Charge>;
  /** Undoes the charge whatever became of it: a capture is refunded, and one that has not come yet never will. */
  reverse(orderId: string): Promise<Charge>;
}

/** The provider did not answer, although it was asked several times. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}
