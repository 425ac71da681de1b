import { ordersApi } from '@larder/contracts/orders/orders-api';
import { onRequest } from '@larder/service/on-request';
import { findOrder } from '../orders-table.ts';
import { personOf } from '../person.ts';
import { getOrder } from './get-order.ts';

export const handler = onRequest(ordersApi, 'getOrder', ({ params, caller }) =>
  getOrder({ find: findOrder })(params.orderId, personOf(caller).id),
);
