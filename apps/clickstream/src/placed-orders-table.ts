import { table } from '@larder/service/table';

interface PlacedOrder {
  readonly orderId: string;
  readonly placedAt: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const orders = table<PlacedOrder>('PlacedOrders');

/** An order is confirmed within minutes, or never. */
const keptFor = 24 * 60 * 60;

export async function keepPlaced(orderId: string, placedAt: string): Promise<void> {
  await orders.put({ orderId, placedAt, expiresAt: Math.floor(Date.parse(placedAt) / 1000) + keptFor });
}

export async function findPlaced(orderId: string): Promise<string | undefined> {
  return (await orders.get({ orderId }, { consistent: true }))?.placedAt;
}
