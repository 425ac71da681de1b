import { apiError } from '@larder/contracts';
import { inventoryApi } from '@larder/contracts/inventory/inventory-api';
import { onRequest } from '@larder/service/on-request';
import { receive } from '../stock-table.ts';

export const handler = onRequest(inventoryApi, 'receiveStock', async (request) => {
  const answer = { productId: request.params.productId, received: request.body.quantity };
  if (!(await receive(answer.productId, answer.received, answer, request))) {
    throw apiError(inventoryApi.routes.receiveStock, 'UNKNOWN_PRODUCT');
  }
  return answer;
});
