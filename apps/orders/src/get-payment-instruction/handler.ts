import { ordersApi } from '@larder/contracts/orders/orders-api';
import { onRequest } from '@larder/service/on-request';
import { findOrder } from '../orders-table.ts';
import { getPaymentInstruction } from './get-payment-instruction.ts';

export const handler = onRequest(ordersApi, 'getPaymentInstruction', ({ params }) =>
  getPaymentInstruction({ find: findOrder })(params.orderId),
);
