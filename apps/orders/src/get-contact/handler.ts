import { ordersApi } from '@larder/contracts/orders/orders-api';
import { onRequest } from '@larder/service/on-request';
import { findOrder } from '../orders-table.ts';
import { getContact } from './get-contact.ts';

export const handler = onRequest(ordersApi, 'getContact', ({ params }) => getContact({ find: findOrder })(params.orderId));
