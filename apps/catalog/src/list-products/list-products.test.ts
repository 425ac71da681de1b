import { entriesOf, type Entry } from '../listing.ts';
import { products } from '../seed/assortment.ts';
import type { Product } from '../product.ts';
import { listProducts } from './list-products.ts';

const all = products.flatMap(entriesOf).sort((a, b) => (a.position < b.position ? -1 : 1));

const pictured = async (product: Product) => product;
const list = listProducts({
  pictured,
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

  it('reads in large steps what a search passes over', async () => {
    const asked: number[] = [];
    const poor = listProducts({
      pictured,
      entries: async (name, { after, limit }) => {
        asked.push(limit);
        const from = after === undefined ? 0 : Number(after.slice('salted#'.length)) + 1;
        return Array.from({ length: Math.min(limit, 600 - from) }, (_, index) => crisps(name, from + index));
      },
    });
    await expect(poor({ query: { q: 'salted unicorn', limit: 1 } })).resolves.toEqual({ items: [] });
    expect(asked.length).toBeLessThan(10);
  });

  it('gives no cursor with the last page', async () => {
    const fruit = products.filter((product) => product.category === 'fruit').length;
    await expect(list({ query: { category: 'fruit', limit: fruit } })).resolves.not.toHaveProperty('cursor');
    await expect(list({ query: { category: 'fruit', limit: fruit - 1 } })).resolves.toHaveProperty('cursor');
  });

  it('refuses a cursor of another list, and one that is none', async () => {
    const { cursor } = await list({ query: { category: 'fruit', limit: 2 } });
    await expect(list({ query: { category: 'bakery', limit: 2, cursor } })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    const nowhere = Buffer.from(JSON.stringify(['all', ''])).toString('base64url');
    for (const wrong of ['nonsense', nowhere])
      await expect(list({ query: { limit: 2, cursor: wrong } })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('finds nothing for a category that does not exist', async () => {
    await expect(list({ query: { category: 'unicorns', limit: 2 } })).resolves.toEqual({ items: [] });
  });
});

function crisps(list: string, number: number): Entry {
  const productId = String(number).padStart(4, '0');
  const product = { productId, name: 'Salted crisps', category: 'snacks', price: { amount: 199, currency: 'EUR' } };
  return { list, position: `salted#${productId}`, product, word: 'salted' };
}
