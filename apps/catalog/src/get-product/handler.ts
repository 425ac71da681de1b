import { apiError } from '@larder/contracts';
import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { onRequest } from '@larder/service/on-request';
import { pictured } from '../category-pictures-table.ts';
import { findProduct } from '../products-table.ts';

export const handler = onRequest(catalogApi, 'getProduct', async ({ params }) => {
  const product = await findProduct(params.productId);
  if (!product) throw apiError(catalogApi.routes.getProduct, 'UNKNOWN_PRODUCT');
  return pictured(product);
});
