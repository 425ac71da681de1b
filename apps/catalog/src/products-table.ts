import { productAdded } from '@larder/contracts/catalog/product-added';
import type { Image } from '@larder/contracts/common';
import { commit, type EventOnce, toEvent } from '@larder/service/commit';
import { held } from '@larder/service/held';
import type { Cause } from '@larder/service/invocation';
import { table } from '@larder/service/table';
import type { Product } from './product.ts';

const products = table<Product>('Products');

export function findProduct(productId: string): Promise<Product | undefined> {
  return products.get({ productId });
}

/** Products by their identifiers, in no order; those that do not exist are left out. */
export function findProducts(productIds: readonly string[]): Promise<Product[]> {
  return products.getMany(
    productIds.map((productId) => ({ productId })),
    { consistent: true },
  );
}

/** Puts a product on sale and says so. False for one that is on sale already: it stays as it is. */
export function addProduct(product: Product, cause: Cause): Promise<boolean> {
  return held(() =>
    commit({
      cause,
      writes: [{ Put: { TableName: products.name, Item: product, ConditionExpression: 'attribute_not_exists(productId)' } }],
      events: [toEvent(productAdded, product)],
    }),
  );
}

/** Gives a product its picture, unless it has a newer one. False for a product that is not on sale. */
export async function setImage(
  productId: string,
  image: Image,
  { time, once, cause }: { time: Date; once: EventOnce; cause: Cause },
): Promise<boolean> {
  const newer = await held(() =>
    commit({
      once,
      cause,
      writes: [
        {
          Update: {
            TableName: products.name,
            Key: { productId },
            UpdateExpression: 'SET image = :image, imageTime = :time',
            ConditionExpression: 'attribute_exists(productId) AND (attribute_not_exists(imageTime) OR imageTime < :time)',
            ExpressionAttributeValues: { ':image': image, ':time': time.toISOString() },
          },
        },
      ],
    }),
  );
  return newer || (await products.get({ productId }, { consistent: true })) !== undefined;
}
