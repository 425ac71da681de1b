import type { ChargeStatus } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import type { Money } from '@larder/contracts/common';

/** A line of the provider's ledger: one an order. */
export interface Charge {
  readonly chargeId: string;
  readonly orderId: string;
  readonly status: ChargeStatus;
  readonly amount?: Money | undefined;
  readonly createdAt: string;
  /** Of the request that made it: another request for the same order is refused. */
  readonly fingerprint?: string | undefined;
}

/** The provider's ledger. */
export interface Ledger {
  find(orderId: string): Promise<Charge | undefined>;
  /** Adds a line; false when the order has one already. */
  add(charge: Charge): Promise<boolean>;
  /** Turns a capture into a refund; false when it is no capture any more. */
  refund(orderId: string): Promise<boolean>;
}
