import type { Image } from '@larder/contracts/common';
import { createCache } from '@larder/service/cache';
import { commit, type EventOnce } from '@larder/service/commit';
import { held } from '@larder/service/held';
import type { Cause } from '@larder/service/invocation';
import { table } from '@larder/service/table';
import type { Product } from './product.ts';

interface CategoryPicture {
  readonly category: string;
  readonly image: Image;
  /** When it was added. */
  readonly time: string;
}

const pictures = table<CategoryPicture>('CategoryPictures');

/** Milliseconds. A new picture is seen a little later, and a page of products reads none. */
const timeToLive = 10_000;

const known = createCache({
  load: async (category) => (await pictures.get({ category }))?.image,
  timeToLive,
  now: () => performance.now(),
});

/** A product as it is shown: with its own picture, or else with that of its category. */
export async function pictured(product: Product): Promise<Product> {
  const image = product.image ?? (await known.get(product.category));
  return image ? { ...product, image } : product;
}

/** Gives a category its picture, unless it has a newer one. */
export async function setCategoryImage(
  category: string,
  image: Image,
  { time, once, cause }: { time: Date; once: EventOnce; cause: Cause },
): Promise<void> {
  const Item: CategoryPicture = { category, image, time: time.toISOString() };
  const newer = {
    ConditionExpression: 'attribute_not_exists(category) OR #time < :time',
    ExpressionAttributeNames: { '#time': 'time' },
    ExpressionAttributeValues: { ':time': Item.time },
  };
  await held(() => commit({ once, cause, writes: [{ Put: { TableName: pictures.name, Item, ...newer } }] }));
}
