import { apiError } from '@larder/contracts';
import type { RouteOutput } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { hasEnded, type Order } from '../order.ts';

const route = ordersApi.routes.getPaymentInstruction;

/** Tells how an order is to be paid, as long as it is to be paid. */
export const getPaymentInstruction =
  (deps: { find(orderId: string): Promise<Order | undefined> }) =>
  async (orderId: string): Promise<RouteOutput<typeof route>> => {
    const order = await deps.find(orderId);
    if (!order) throw apiError(route, 'UNKNOWN_ORDER');
    if (hasEnded(order.status) || order.paymentToken === undefined) throw apiError(route, 'ORDER_ENDED');
    return { amount: order.total, paymentToken: order.paymentToken };
  };
