import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { onRequest } from '@larder/service/on-request';
import { findProducts } from '../products-table.ts';

export const handler = onRequest(catalogApi, 'getPrices', async ({ query }) => {
  const products = await findProducts([...new Set(query.productIds)]);
  return { items: products.map(({ productId, price }) => ({ productId, price })) };
});
