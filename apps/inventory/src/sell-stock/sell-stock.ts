import type { Reservation } from '../stock.ts';

export interface SellStockDeps {
  find(orderId: string): Promise<Reservation | undefined>;
  /** Lets what is set aside go out of the house; false when it is not set aside any more. */
  sell(reservation: Reservation): Promise<boolean>;
}

/**
 * Takes what is set aside for a confirmed order out of the house.
 *
 * @throws when nothing is set aside for it: an order is never confirmed without a reservation, so somebody has to look.
 */
export const sellStock =
  (deps: SellStockDeps) =>
  async (orderId: string): Promise<void> => {
    const reservation = await deps.find(orderId);
    if (reservation?.status === 'SOLD') return;
    if (reservation?.status === 'RESERVED' && (await deps.sell(reservation))) return;
    if ((await deps.find(orderId))?.status !== 'SOLD') throw new Error(`order ${orderId} is confirmed, and nothing is set aside for it`);
  };
