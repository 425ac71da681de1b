import * as z from 'zod/mini';
import { id } from '../common.ts';
import { defineApi } from '../define-api.ts';

const count = z.int().check(z.nonnegative());
const stock = z.object({ available: count, reserved: count, sold: count });
const unknownProduct = { status: 404, description: 'No stock is kept of this product.' };

export const inventoryApi = defineApi({
  service: 'inventory',
  description: 'What is on the shelves, and for whom it is set aside.',
  routes: {
    getStock: {
      method: 'GET',
      path: '/stock/{productId}',
      auth: 'iam',
      summary: 'How much there is of a product',
      params: z.object({ productId: id }),
      success: { status: 200, body: stock },
      errors: { UNKNOWN_PRODUCT: unknownProduct },
      example: { params: { productId: 'apple-braeburn' }, response: { available: 488, reserved: 6, sold: 6 } },
    },
    receiveStock: {
      method: 'POST',
      path: '/stock/{productId}/receipts',
      auth: 'iam',
      summary: 'Take in a delivery: what is received becomes available',
      idempotencyKey: 'required',
      params: z.object({ productId: id }),
      body: z.object({ quantity: z.int().check(z.gte(1), z.lte(1_000_000)) }),
      success: { status: 200, body: z.object({ productId: id, received: count }) },
      errors: { UNKNOWN_PRODUCT: unknownProduct },
      example: {
        params: { productId: 'apple-braeburn' },
        body: { quantity: 100 },
        response: { productId: 'apple-braeburn', received: 100 },
      },
    },
  },
});
