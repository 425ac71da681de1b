import { apiError } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { onRequest } from '@larder/service/on-request';
import { findOrder } from '../orders-table.ts';

export const handler = onRequest(ordersApi, 'getContact', async ({ params }) => {
  const email = (await findOrder(params.orderId))?.email;
  if (email === undefined) throw apiError(ordersApi.routes.getContact, 'UNKNOWN_ORDER');
  return { email };
});
