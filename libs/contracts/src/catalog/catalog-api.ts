import * as z from 'zod/mini';
import { cursor, id, image, limit, money } from '../common.ts';
import { defineApi } from '../define-api.ts';

const product = z.object({
  productId: id,
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  category: id,
  price: money,
  /** Its own picture, or that of its category. A product can be on sale before it has one. */
  image: z.optional(image),
});

const example = {
  productId: 'apple-braeburn',
  name: 'Braeburn apple',
  category: 'fruit',
  price: { amount: 49, currency: 'EUR' },
  image: { url: 'https://images.example/fit-in/600x600/categories/fruit/9f86d081884c7d65.png', width: 600, height: 450 },
};

export const catalogApi = defineApi({
  service: 'catalog',
  description: 'What Larder sells, and for how much.',
  routes: {
    listProducts: {
      method: 'GET',
      path: '/products',
      auth: 'public',
      summary: 'List products, by category and by the beginning of a word of their name',
      query: z.object({
        category: z.optional(id),
        q: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(50))),
        limit,
        cursor: z.optional(cursor),
      }),
      success: { status: 200, body: z.object({ items: z.array(product), cursor: z.optional(cursor) }) },
      errors: { INVALID_CURSOR: { status: 400, description: 'The cursor does not belong to this list: start again without it.' } },
      example: { query: { category: 'fruit', limit: '1' }, response: { items: [example], cursor: 'ZnJ1aXQjYXBwbGUtYnJhZWJ1cm4' } },
    },
    listCategories: {
      method: 'GET',
      path: '/categories',
      auth: 'public',
      summary: 'List the categories',
      success: { status: 200, body: z.object({ items: z.array(z.object({ category: id })) }) },
      example: { response: { items: [{ category: 'fruit' }] } },
    },
    getProduct: {
      method: 'GET',
      path: '/products/{productId}',
      auth: 'public',
      summary: 'Look up one product',
      params: z.object({ productId: id }),
      success: { status: 200, body: product },
      errors: { UNKNOWN_PRODUCT: { status: 404, description: 'There is no such product.' } },
      example: { params: { productId: 'apple-braeburn' }, response: example },
    },
    getPrices: {
      method: 'GET',
      path: '/prices',
      auth: 'iam',
      summary: 'Look up the prices of up to 20 products; a product that does not exist is left out of the answer',
      query: z.object({
        productIds: z.pipe(
          z.string().check(z.maxLength(1400)),
          z.pipe(
            z.transform((text: string) => text.split(',')),
            z.array(id).check(z.minLength(1), z.maxLength(20)),
          ),
        ),
      }),
      success: { status: 200, body: z.object({ items: z.array(z.object({ productId: id, price: money })) }) },
      example: {
        query: { productIds: 'apple-braeburn' },
        response: { items: [{ productId: 'apple-braeburn', price: { amount: 49, currency: 'EUR' } }] },
      },
    },
  },
});
