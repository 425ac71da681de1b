import type { Charge, Ledger } from '../charge.ts';

export interface ReverseChargeDeps {
  readonly ledger: Ledger;
  newId(): string;
  now(): Date;
}

/** Undoes a charge whatever became of it: a capture is refunded, and where there is none yet, there never will be one. */
export const reverseCharge =
  (deps: ReverseChargeDeps) =>
  async (orderId: string): Promise<Charge> => {
    const voided: Charge = { chargeId: deps.newId(), orderId, status: 'VOIDED', createdAt: deps.now().toISOString() };
    if (await deps.ledger.add(voided)) return voided;
    await deps.ledger.refund(orderId);
    return (await deps.ledger.find(orderId)) as Charge;
  };
