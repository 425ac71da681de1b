import { apiError } from '@larder/contracts';
import type { RouteOutput } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Order } from '../order.ts';

const route = ordersApi.routes.listOrders;

export interface ListOrdersDeps {
  /** A customer's orders, the newest first, after one of them. */
  ordersOf(customerId: string, page: { limit: number; after: string | undefined }): Promise<{ orders: Order[]; last: string | undefined }>;
}

/** Lists one's own orders, a page at a time. */
export const listOrders =
  (deps: ListOrdersDeps) =>
  async (customerId: string, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<RouteOutput<typeof route>> => {
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const { orders, last } = await deps.ordersOf(customerId, { limit, after });
    return {
      items: orders.map((order) => ({ ...order, lines: [...order.lines] })),
      ...(last === undefined ? {} : { cursor: Buffer.from(last).toString('base64url') }),
    };
  };

/** The order after which the page begins. Whose it is does not matter: one's own list is all that is looked at. */
function fromCursor(cursor: string): string {
  const orderId = Buffer.from(cursor, 'base64url').toString();
  if (!/^[0-9A-Z]{26}$/.test(orderId)) throw apiError(route, 'INVALID_CURSOR');
  return orderId;
}
