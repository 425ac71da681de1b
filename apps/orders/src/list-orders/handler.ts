import { ordersApi } from '@larder/contracts/orders/orders-api';
import { onRequest } from '@larder/service/on-request';
import { ordersOf } from '../orders-table.ts';
import { personOf } from '../person.ts';
import { listOrders } from './list-orders.ts';

export const handler = onRequest(ordersApi, 'listOrders', ({ query, caller }) => listOrders({ ordersOf })(personOf(caller).id, query));
