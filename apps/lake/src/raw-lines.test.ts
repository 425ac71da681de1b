import { datasets } from './datasets.ts';
import { packLines, unpackLines } from './raw-lines.ts';

describe('what is kept as it came', () => {
  it('is unpacked as it came', () => {
    const lines = ['{"id":"a"}', 'no JSON', '', '{"words":"Käse 🧀"}'];
    expect(unpackLines('raw/a', packLines(lines))).toEqual(lines);
  });

  it('is one line each, however it was written', () => {
    const [line = '', ...more] = unpackLines('raw/a', packLines(['{\n  "id":\r\n "a" }']));
    expect([JSON.parse(line), more]).toEqual([{ id: 'a' }, []]);
  });

  it('holds nothing up when it cannot be unpacked: it is no event of any dataset, and says where it is', () => {
    const damaged = packLines(['{"id":"a"}'.repeat(100)]).slice(0, 20);
    const [line = '', ...more] = unpackLines('raw/a', damaged);
    expect([JSON.parse(line), more]).toEqual([{ code: 'UNREADABLE', key: 'raw/a' }, []]);
    for (const dataset of datasets) expect(dataset.toRow(line)).toHaveProperty('problem');
  });
});
