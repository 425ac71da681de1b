import { onCustomResource } from '@larder/service/custom-resource';
import { ulid } from '@larder/service/ulid';
import { addProduct } from '../products-table.ts';
import { products } from './assortment.ts';

const AT_ONCE = 10;

/** Puts the opening assortment on sale when the stack is made, and what is new in it when its version changes. What is on sale is never taken off. */
export const handler = onCustomResource(async ({ requestType }) => {
  if (requestType === 'Delete') return;
  const id = ulid();
  for (let start = 0; start < products.length; start += AT_ONCE) {
    await Promise.all(products.slice(start, start + AT_ONCE).map((product) => addProduct(product, { correlationId: id, causationId: id })));
  }
});
