import { matching } from './catalogue.ts';
import { ago, bytes, text } from './format.ts';
import { compare, inOrder } from './result-table.ts';
import { kindOf, toOption } from './to-option.ts';

const [name, count, time] = [
  { name: 'type', type: 'VARCHAR' },
  { name: 'events', type: 'BIGINT' },
  { name: 'minute', type: 'TIMESTAMP' },
];

describe('an answer', () => {
  it('is drawn as a line over time, else as bars, and not at all without a number', () => {
    expect(kindOf([time, count], [['2026-11-02', 1]])).toBe('line');
    expect(kindOf([name, count], [['a', 1]])).toBe('bar');
    expect([kindOf([name], [['a']]), kindOf([name, name], [['a', 'b']]), kindOf([name, count], [])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has a series for each column of numbers', () => {
    const ink = { text: '#000', line: '#ccc' };
    const option = toOption({ kind: 'bar', columns: [name, count, name, count], rows: [['a', 1, 'x', null]] }, ink);
    expect(option).toMatchObject({ series: [{ data: [1] }, { data: [null] }], xAxis: { data: ['a'] } });
    const pie = toOption({ kind: 'pie', columns: [name, count], rows: [['a', 1], [null, '2']] }, ink); // prettier-ignore
    expect(pie).toMatchObject({ series: [{ type: 'pie', data: [{ name: 'a', value: 1 }, { name: '–', value: 2 }] }] }); // prettier-ignore
  });

  it('has times as short as they can be', () => {
    const names = (...times: string[]) => toOption({ kind: 'line', columns: [time, count], rows: times.map((at) => [at, 1]) }, { text: '', line: '' }); // prettier-ignore
    expect(names('2026-11-02 09:30:00', '2026-11-02 09:31:00')).toMatchObject({ xAxis: { data: ['09:30', '09:31'] } });
    expect(names('2026-11-02 09:00:00', '2026-11-03 09:00:00')).toMatchObject({ xAxis: { data: ['11-02 09:00', '11-03 09:00'] } });
    expect(names('2026-11-02 09:30:01')).toMatchObject({ xAxis: { data: ['2026-11-02 09:30:01'] } });
  });

  it('is sorted by size or by text, with nothing last', () => {
    expect([10, 9, null, 100].toSorted(compare)).toEqual([9, 10, 100, null]);
    expect(inOrder([[1], [null], [3]], { at: 0, down: true })).toEqual([[3], [1], [null]]);
    expect(['b', undefined, 'a'].toSorted(compare)).toEqual(['a', 'b', undefined]);
  });

  it('is read as people read', () => {
    expect([bytes(0), bytes(999), bytes(1_500_000), bytes(2e15)]).toEqual(['0 B', '999 B', '1.5 MB', '2,000 TB']);
    expect([text(null), text(12_345.678), text([1]), text('pear')]).toEqual(['–', '12,345.68', '[1]', 'pear']);
    const now = Date.parse('2026-11-02T10:00:00.000Z');
    expect([ago('2026-11-02T09:59:30.000Z', now), ago('2026-11-02T09:00:00.000Z', now), ago('2026-11-01T10:00:00.000Z', now)]).toEqual(['30 s ago', '60 min ago', '24 h ago']); // prettier-ignore
  });
});

test('datasets are found by all words, in names, descriptions and columns', () => {
  const pages = { name: 'page_events', description: 'What visitors do', columns: [{ name: 'product_id', type: 'VARCHAR' }] };
  const orders = { name: 'orders', description: 'Every order', columns: [{ name: 'status', type: 'VARCHAR' }] };
  const found = (words: string) => matching([pages, orders], words).map((dataset) => dataset.name);
  expect([found(''), found('VISITORS product'), found('status'), found('status visitors')]).toEqual([['page_events', 'orders'], ['page_events'], ['orders'], []]); // prettier-ignore
});
