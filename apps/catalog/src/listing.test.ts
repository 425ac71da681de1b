import { answers, entriesOf, listFor, wordsOf } from './listing.ts';
import { products } from './seed/assortment.ts';

/** What a search answers when every entry of every product is there. */
function find(search: { category?: string; q?: string }): string[] {
  const place = listFor(search);
  if (!place) return [];
  return products
    .flatMap(entriesOf)
    .filter((entry) => entry.list === place.list && entry.position.startsWith(place.prefix) && answers(search, entry, place.prefix))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map((entry) => entry.product?.productId as string);
}

describe('the assortment', () => {
  it('has 150 products or more, each with an identifier of its own', () => {
    expect(products.length).toBeGreaterThanOrEqual(150);
    expect(new Set(products.map((product) => product.productId)).size).toBe(products.length);
  });

  it('has a price in whole cents and a clean name for each', () => {
    for (const product of products) {
      expect(product.price.amount).toBeGreaterThan(0);
      expect(Number.isInteger(product.price.amount)).toBe(true);
      expect(product.name).toMatch(/^\p{Lu}.*[^\s,]$/u);
      expect(product.productId).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
    }
  });
});

describe('the lists', () => {
  it('hold every product once, sorted by its words', () => {
    expect(find({}).length).toBe(products.length);
    expect(new Set(find({})).size).toBe(products.length);
  });

  it('find a product by the beginning of any word of its name, whatever the capitals and accents', () => {
    expect(find({ q: 'braeb' })).toEqual(['braeburn-apple']);
    expect(find({ q: 'CREME' })).toEqual(['creme-fraiche']);
    expect(find({ q: 'fraîche' })).toEqual(['creme-fraiche']);
  });

  it('do not find what only contains the letters', () => {
    expect(find({ q: 'raeburn' })).toEqual([]);
  });

  it('narrow a search with each further word', () => {
    expect(find({ q: 'milk' }).length).toBeGreaterThan(2);
    expect(find({ q: 'milk semi' })).toEqual(['semi-skimmed-milk-1-l']);
  });

  it('give no product twice although two of its words fit', () => {
    const found = find({ q: 's' });
    expect(found).toContain('semi-skimmed-milk-1-l');
    expect(new Set(found).size).toBe(found.length);
  });

  it('search within a category', () => {
    expect(find({ category: 'drinks', q: 'a' })).toEqual(expect.arrayContaining(['apple-juice-1-l']));
    expect(find({ category: 'drinks', q: 'a' })).not.toContain('braeburn-apple');
  });

  it('begin with a whole character, also with one of the rarer kind', () => {
    const product = { productId: 'rice', name: '𠮷野 rice', category: 'pantry', price: { amount: 1, currency: 'EUR' } };
    expect(entriesOf(product).map(({ list }) => list)).toContain('word/𠮷');
    expect(listFor({ q: '𠮷' })).toEqual({ list: 'word/𠮷', prefix: '𠮷' });
  });

  it('answer nothing when nothing searchable is asked', () => {
    expect(listFor({ q: '!!' })).toBeUndefined();
    expect(wordsOf('!!')).toEqual([]);
  });
});
