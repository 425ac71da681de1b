import { apiError } from '@larder/contracts';
import { inventoryApi } from '@larder/contracts/inventory/inventory-api';
import { onRequest } from '@larder/service/on-request';
import { findStock } from '../stock-table.ts';

export const handler = onRequest(inventoryApi, 'getStock', async ({ params }) => {
  const stock = await findStock(params.productId);
  if (!stock) throw apiError(inventoryApi.routes.getStock, 'UNKNOWN_PRODUCT');
  return stock;
});
