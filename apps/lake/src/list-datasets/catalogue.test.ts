import type { UploadedDataset } from '../files/datasets-table.ts';
import { readableColumns } from '../teams.ts';
import { catalogueOf, search } from './catalogue.ts';

const suppliers: UploadedDataset = {
  ...{ name: 'suppliers', kind: 'uploaded', description: 'Who delivers what.', owner: 'purchasing', tags: ['partners'], version: 3 },
  columns: { supplier: 'VARCHAR', product_id: 'VARCHAR' },
  history: [
    { version: 1, since: '2026-11-02T09:30:00.000Z', origin: 'suppliers/a.csv', columns: { supplier: 'VARCHAR' } },
    { version: 2, since: '2026-11-03T09:30:00.000Z', origin: 'suppliers/b.csv', columns: { supplier: 'VARCHAR', product_id: 'VARCHAR' } },
  ],
};
const all = catalogueOf([suppliers], () => 'all');
const found = (looked: Parameters<typeof search>[1]) => search(all, looked).map(({ name }) => name);

describe('the catalogue', () => {
  it('has what services tell, what is made of it, and what people brought in, each with where it comes from', () => {
    expect(all.map(({ name, kind, madeOf }) => [name, kind, madeOf])).toEqual([
      ['page_events', 'event', ['clickstream.PageEvents.v1']],
      ['bus_events', 'event', ['everything on the bus']],
      ['quality_results', 'event', ['src/quality/rules.ts']],
      ['orders', 'view', ['bus_events']],
      ['suppliers', 'uploaded', ['suppliers/a.csv', 'suppliers/b.csv']],
    ]);
    expect(all.at(-1)?.history.map(({ version, columns }) => [version, columns.length])).toEqual([[1, 1], [2, 2]]); // prettier-ignore
  });

  it('is searched by words, by column and by tag', () => {
    expect([found({}), found({ q: 'delivers PURCHASING' }), found({ column: 'product_id' }), found({ tag: 'partners' })]).toEqual([
      ['page_events', 'bus_events', 'quality_results', 'orders', 'suppliers'],
      ['suppliers'],
      ['page_events', 'suppliers'],
      ['suppliers'],
    ]);
    expect([found({ q: 'delivers visitors' }), found({ column: 'product' }), found({ tag: 'partner', q: 'who' })]).toEqual([[], [], []]);
  });

  it('shows a team what it may read, and nothing of what it may not', () => {
    const shop = catalogueOf([suppliers], (dataset) => readableColumns(['shop'], dataset));
    expect(shop.map(({ name }) => name)).toEqual(['page_events']);
    expect(shop[0]?.columns.map(({ name }) => name)).not.toContain('words');
  });
});
