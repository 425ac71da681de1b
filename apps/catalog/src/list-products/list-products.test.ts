import { entriesOf } from '../listing.ts';
import { products } from '../seed/assortment.ts';
import { listProducts } from './list-products.ts';

const all = products.flatMap(entriesOf).sort((a, b) => (a.position < b.position ? -1 : 1));

const list = listProducts({
  entries: async (name, { prefix, after, limit }) =>
    all
      .filter((entry) => entry.list === name && entry.position.startsWith(prefix) && (after === undefined || entry.position > after))
      .slice(0, limit),
});

async function pages(query: { category?: string; q?: string; limit: number }): Promise<string[][]> {
  const result: string[][] = [];
  let cursor: string | undefined;
  do {
    const answer = await list({ query: { ...query, cursor } });
    result.push(answer.items.map((item) => item.productId));
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return result;
}

describe('listing products', () => {
  it.each([1, 7, 20, 100])('gives every product once, in pages of %d', async (limit) => {
    const given = (await pages({ limit })).flat();
    expect(given.length).toBe(products.length);
    expect(new Set(given).size).toBe(products.length);
  });

  it('fills its pages although a search passes over entries', async () => {
    const [first] = await pages({ q: 's', limit: 5 });
    expect(first?.length).toBe(5);
  });

  it('gives no cursor with the last page', async () => {
    const fruit = products.filter((product) => product.category === 'fruit').length;
    await expect(list({ query: { category: 'fruit', limit: fruit } })).resolves.not.toHaveProperty('cursor');
    await expect(list({ query: { category: 'fruit', limit: fruit - 1 } })).resolves.toHaveProperty('cursor');
  });

  it('refuses a cursor of another list, and one that is none', async () => {
    const { cursor } = await list({ query: { category: 'fruit', limit: 2 } });
    await expect(list({ query: { category: 'bakery', limit: 2, cursor } })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    await expect(list({ query: { limit: 2, cursor: 'nonsense' } })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('finds nothing for a category that does not exist', async () => {
    await expect(list({ query: { category: 'unicorns', limit: 2 } })).resolves.toEqual({ items: [] });
  });
});
