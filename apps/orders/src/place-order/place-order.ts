import { apiError } from '@larder/contracts';
import type { RouteInput, RouteOutput } from '@larder/contracts';
import type { Money } from '@larder/contracts/common';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Order } from '../order.ts';

const route = ordersApi.routes.placeOrder;

/** What one order may be worth at most, in minor units. */
export const MAX_TOTAL = 1_000_000;

export interface PlaceOrderDeps {
  /** Prices by product; a product that does not exist is missing. */
  prices(productIds: readonly string[]): Promise<ReadonlyMap<string, Money>>;
  newId(): string;
  now(): Date;
  /** Keeps the order and says that it was placed, in one write. */
  place(order: Order, answer: RouteOutput<typeof route>): Promise<void>;
}

/** Takes an order at today's prices. */
export const placeOrder =
  (deps: PlaceOrderDeps) =>
  async (input: RouteInput<typeof route> & { caller: { id: string; email?: string | undefined } }): Promise<RouteOutput<typeof route>> => {
    const { lines, paymentToken } = input.body;
    const productIds = lines.map((line) => line.productId);
    if (new Set(productIds).size < productIds.length) throw apiError(route, 'DUPLICATE_PRODUCT');

    const prices = await deps.prices(productIds);
    const total = totalOf(lines, prices);
    if (total.amount > MAX_TOTAL) throw apiError(route, 'TOTAL_TOO_LARGE');

    const answer = { orderId: deps.newId(), status: 'PLACED' as const };
    await deps.place(
      {
        ...answer,
        customerId: input.caller.id,
        email: input.caller.email,
        lines,
        total,
        placedAt: deps.now().toISOString(),
        paymentToken,
      },
      answer,
    );
    return answer;
  };

function totalOf(lines: RouteInput<typeof route>['body']['lines'], prices: ReadonlyMap<string, Money>): Money {
  const priced = lines.map((line) => {
    const price = prices.get(line.productId);
    if (!price) throw apiError(route, 'UNKNOWN_PRODUCT', `There is no product '${line.productId}'.`);
    return { amount: price.amount * line.quantity, currency: price.currency };
  });
  const currencies = new Set(priced.map((price) => price.currency));
  if (currencies.size > 1) throw new Error('the catalogue has prices in several currencies');
  return { amount: priced.reduce((sum, price) => sum + price.amount, 0), currency: [...currencies][0] as string };
}
