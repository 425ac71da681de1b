import type { Entry } from '../listing.ts';
import type { Product } from '../product.ts';
import { projectListings } from './project-listings.ts';

const pear: Product = { productId: 'pear', name: 'Conference pear', category: 'fruit', price: { amount: 55, currency: 'EUR' } };

function lists() {
  const entries = new Map<string, Entry>();
  const project = projectListings({
    keep: async (entry) => void entries.set(`${entry.list}|${entry.position}`, entry),
    drop: async (entry) => void entries.delete(`${entry.list}|${entry.position}`),
  });
  return { project, keys: () => [...entries.keys()].sort() };
}

describe('projecting products into lists', () => {
  it('enters a product into every list that it belongs to', async () => {
    const { project, keys } = lists();
    await project({ new: pear });
    expect(keys()).toEqual([
      'all|conference pear#pear',
      'categories|fruit',
      'category/fruit|conference pear#pear',
      'word/c|conference#pear',
      'word/fruit/c|conference#pear',
      'word/fruit/p|pear#pear',
      'word/p|pear#pear',
    ]);
  });

  it('gives the same lists when a change comes twice', async () => {
    const once = lists();
    const twice = lists();
    await once.project({ new: pear });
    await twice.project({ new: pear });
    await twice.project({ new: pear });
    expect(twice.keys()).toEqual(once.keys());
  });

  it('leaves nothing of the old name behind', async () => {
    const { project, keys } = lists();
    await project({ new: pear });
    await project({ old: pear, new: { ...pear, name: 'Williams pear' } });
    expect(keys().filter((key) => key.includes('conference'))).toEqual([]);
    expect(keys()).toContain('word/w|williams#pear');
  });

  it('takes a product that is gone out of every list', async () => {
    const { project, keys } = lists();
    await project({ new: pear });
    await project({ old: pear });
    expect(keys()).toEqual(['categories|fruit']);
  });
});
