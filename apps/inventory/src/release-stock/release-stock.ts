import type { Reservation } from '../stock.ts';

export interface ReleaseStockDeps {
  find(orderId: string): Promise<Reservation | undefined>;
  /** Puts what is set aside back on the shelf; false when it is not set aside any more. */
  release(reservation: Reservation): Promise<boolean>;
  /** Remembers that nothing is to be set aside any more; false when something was, meanwhile. */
  forbid(orderId: string): Promise<boolean>;
}

const ATTEMPTS = 3;

/**
 * Puts what is set aside for a cancelled order back on the shelf. The cancellation may overtake the order itself:
 * then it leaves word, so that the order, when it comes, sets nothing aside.
 *
 * @throws when it was sold: a cancelled order never is, so somebody has to look.
 */
export const releaseStock =
  (deps: ReleaseStockDeps) =>
  async (orderId: string): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const reservation = await deps.find(orderId);
      if (reservation?.status === 'SOLD') throw new Error(`order ${orderId} is cancelled, and what it asked for is sold`);
      if (reservation && reservation.status !== 'RESERVED') return;
      if (await (reservation ? deps.release(reservation) : deps.forbid(orderId))) return;
    }
    throw new Error(`the reservation of order ${orderId} is being changed by others`);
  };
