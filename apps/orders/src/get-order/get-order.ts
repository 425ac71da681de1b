import { apiError } from '@larder/contracts';
import type { RouteOutput } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Order } from '../order.ts';

const route = ordersApi.routes.getOrder;

/** Looks up an order for the person it belongs to. Anybody else does not learn that it exists. */
export const getOrder =
  (deps: { find(orderId: string): Promise<Order | undefined> }) =>
  async (orderId: string, customerId: string): Promise<RouteOutput<typeof route>> => {
    const order = await deps.find(orderId);
    if (order?.customerId !== customerId) throw apiError(route, 'UNKNOWN_ORDER');
    return { ...order, lines: [...order.lines] };
  };
