import { apiError } from '@larder/contracts';
import type { RouteOutput } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Order } from '../order.ts';

const route = ordersApi.routes.getContact;

/** Tells where to write about an order. An address that no mail can go to (SES takes plain ASCII only) is none. */
export const getContact =
  (deps: { find(orderId: string): Promise<Order | undefined> }) =>
  async (orderId: string): Promise<RouteOutput<typeof route>> => {
    const contact = route.success.body.safeParse({ email: (await deps.find(orderId))?.email });
    if (!contact.success) throw apiError(route, 'UNKNOWN_ORDER');
    return contact.data;
  };
