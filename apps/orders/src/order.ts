import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import type { Line, Money } from '@larder/contracts/common';

/** An order as this service keeps it. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  /** Where to write to the shopper; absent when the token named no address. */
  readonly email?: string | undefined;
  readonly status: OrderStatus;
  readonly lines: readonly Line[];
  readonly total: Money;
  /** RFC 3339. */
  readonly placedAt: string;
  /** Kept until the order ends, and then forgotten. */
  readonly paymentToken?: string | undefined;
}

/** How long an order may wait for its payment, in milliseconds. */
export const PAYMENT_WINDOW_MS = 15 * 60 * 1000;

const successors: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PLACED: ['RESERVED', 'CONFIRMED', 'REJECTED', 'CANCELLED'],
  // Events of different services arrive in any order: a capture may overtake the reservation that it followed.
  RESERVED: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: [],
  REJECTED: [],
  CANCELLED: [],
};

/** Whether an order may go from one status to another. */
export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return successors[from].includes(to);
}

/** Whether an order has come to its end: it is confirmed, rejected or cancelled, once and for all. */
export function hasEnded(status: OrderStatus): boolean {
  return successors[status].length === 0;
}
