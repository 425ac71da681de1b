import type { Line } from '@larder/contracts/common';
import { scan } from '../stores.ts';

interface Order {
  readonly orderId: string;
  readonly status: 'PLACED' | 'RESERVED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED';
  readonly lines: readonly Line[];
}
interface Stock {
  readonly productId: string;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly received: number;
}
interface Reservation {
  readonly orderId: string;
  readonly status: 'RESERVED' | 'SOLD' | 'RELEASED' | 'REJECTED';
}
interface Charge {
  readonly orderId: string;
  readonly status: 'CAPTURED' | 'DECLINED' | 'REFUNDED' | 'VOIDED';
}
interface Notice {
  readonly orderId: string;
  readonly kind: string;
}

/** Everything that the services and the provider have written down. */
export interface Books {
  readonly orders: readonly Order[];
  readonly stock: readonly Stock[];
  readonly reservations: readonly Reservation[];
  readonly charges: readonly Charge[];
  readonly notices: readonly Notice[];
}

export async function readBooks(endpoint: string): Promise<Books> {
  const [orders, stock, reservations, charges, notices] = await Promise.all([
    scan<Order>(endpoint, 'orders', 'orders'),
    scan<Stock>(endpoint, 'inventory', 'stock'),
    scan<Reservation>(endpoint, 'inventory', 'reservations'),
    scan<Charge>(endpoint, 'psp-sandbox', 'charges'),
    scan<Notice>(endpoint, 'notifications', 'notices'),
  ]);
  return { orders, stock, reservations, charges, notices };
}

const allowedReservations: Readonly<Record<string, readonly (string | undefined)[]>> = {
  CONFIRMED: ['SOLD'],
  CANCELLED: ['RELEASED', 'REJECTED'],
  REJECTED: ['REJECTED'],
};

/**
 * What is wrong with the books once nothing moves any more: one sentence for each damage, none when all is well.
 * The rules are those of the architecture: an accepted order has exactly one end, money and stock follow it, nothing is below zero, nothing is lost.
 *
 * @param accepted the orders that shoppers were told are theirs, by idempotency key.
 */
export function damagesIn(books: Books, accepted: ReadonlyMap<string, string>): string[] {
  const damages: string[] = [];
  const orders = new Map(books.orders.map((order) => [order.orderId, order]));
  const reservations = new Map(books.reservations.map((reservation) => [reservation.orderId, reservation]));
  const charges = group(books.charges, (charge) => charge.orderId.split('~')[0] as string);
  const notices = group(books.notices, (notice) => notice.orderId);

  for (const orderId of accepted.values()) if (!orders.has(orderId)) damages.push(`order ${orderId} was accepted and is gone`);
  if (orders.size !== accepted.size) damages.push(`${accepted.size} shoppers' requests made ${orders.size} orders`);

  for (const { orderId, status } of books.orders) {
    if (!(status in allowedReservations)) {
      damages.push(`order ${orderId} came to no end: it is ${status}`);
      continue;
    }
    const reservation = reservations.get(orderId)?.status;
    if (!allowedReservations[status]?.includes(reservation))
      damages.push(`order ${orderId} is ${status}, its reservation is ${reservation ?? 'missing'}`);
    const captured = (charges.get(orderId) ?? []).filter((charge) => charge.status === 'CAPTURED').length;
    if (captured !== (status === 'CONFIRMED' ? 1 : 0)) damages.push(`order ${orderId} is ${status} and was charged ${captured} times`);
    const told = (notices.get(orderId) ?? []).length;
    if (told !== 1) damages.push(`order ${orderId} is ${status}, and its shopper was told ${told} times`);
  }

  const sold = new Map<string, number>();
  for (const { status, lines } of books.orders) {
    if (status !== 'CONFIRMED') continue;
    for (const line of lines) sold.set(line.productId, (sold.get(line.productId) ?? 0) + line.quantity);
  }
  for (const product of books.stock) {
    const { productId, available, reserved, received } = product;
    if (available < 0 || reserved < 0 || product.sold < 0)
      damages.push(`the stock of ${productId} is below zero: ${JSON.stringify(product)}`);
    if (available + reserved + product.sold !== received)
      damages.push(`the stock of ${productId} does not add up: ${JSON.stringify(product)}`);
    if (reserved !== 0) damages.push(`${reserved} of ${productId} are set aside for nobody`);
    if (product.sold !== (sold.get(productId) ?? 0))
      damages.push(`${product.sold} of ${productId} are sold, and ${sold.get(productId) ?? 0} were confirmed`);
  }
  return damages;
}

function group<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
