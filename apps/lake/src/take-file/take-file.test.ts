import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { FileItem, UploadedDataset } from '../files/datasets-table.ts';
import type { Partition } from '../lake-store.ts';
import { withDuckDb } from '../duckdb.ts';
import { answerSql } from '../run-query/answer-sql.ts';
import { readTable } from './read-table.ts';
import { mostFileBytes, takeFile } from './take-file.ts';

function world() {
  const inbox = new Map<string, Uint8Array>();
  const lake = new Map<string, Uint8Array>();
  const uploaded = new Map<string, UploadedDataset>();
  const items = new Map<string, FileItem>();
  const partitions = new Map<string, Partition>();
  let fails = 0;
  const take = takeFile({
    read: async (_, key) => inbox.get(key),
    forget: async (_, key) => void inbox.delete(key),
    writeFile: async (key, content) => void lake.set(key, content),
    readTable,
    findUploaded: async (name) => uploaded.get(name),
    keepUploaded: async (dataset) => {
      expect(dataset.version).toBe((uploaded.get(dataset.name)?.version ?? 0) + 1);
      uploaded.set(dataset.name, dataset);
    },
    findFile: async (dataset, file) => items.get(`${dataset}/${file}`),
    keepFileItem: async (item) => {
      if (fails-- > 0) throw new Error('no table');
      items.set(`${item.dataset}/${item.file}`, item);
    },
    findPartition: async (dataset, hour) => partitions.get(`${dataset}/${hour}`),
    keepPartition: async (partition) => void partitions.set(`${partition.dataset}/${partition.hour}`, partition),
    tell: async (notice) => void told.push(notice.kind),
  });
  const told: string[] = [];
  let drops = 0;
  const drop = async (key: string, content: string | Uint8Array, etag = `etag${(drops += 1)}`, bytes?: number) => {
    const held = Buffer.from(content);
    inbox.set(key, held);
    await take({ bucket: 'inbox', key, etag, bytes: bytes ?? held.byteLength, time: new Date('2026-11-02T09:30:00.000Z') });
    return [...items.values()].findLast(({ name }) => name === key);
  };
  const ask = async (sql: string) => {
    const rows: (readonly unknown[])[] = [];
    await answerSql({
      uploaded: [...uploaded.values()],
      filesOf: async (dataset) => [...partitions.values()].filter((one) => one.dataset === dataset).flatMap(({ files }) => files),
      readFile: async (key) => lake.get(key) ?? new Uint8Array(),
      mayRead: () => 'all',
      keepPage: async (_, page) => void rows.push(...page),
      keepFile: async () => undefined,
      signal: new AbortController().signal,
    })(sql);
    return rows;
  };
  return { told, inbox, lake, uploaded, items, partitions, drop, ask, failOnce: () => (fails = 1) };
}

const csv = 'Product,In stock\npear,5\nfig,7\n';
const ndjson = '{"product":"pear","inStock":5}\n{"product":"fig","inStock":7}\n';
const parquet = () =>
  withDuckDb(async (db, folder) => {
    await db.run(`COPY (SELECT * FROM (VALUES ('pear', 5), ('fig', 7)) t(product, "in stock")) TO '${folder}/x.parquet'`);
    return (await import('node:fs/promises')).readFile(`${folder}/x.parquet`);
  });
const exported = '{"Item":{"product":{"S":"pear"},"in_stock":{"N":"5"}}}\n{"Item":{"product":{"S":"fig"},"in_stock":{"N":"7"}}}\n';

describe('a file that is dropped', () => {
  it.each([
    ['stock/a.csv', csv],
    ['stock/semicolons.csv', csv.replaceAll(',', ';')],
    ['stock/a.csv.gz', gzipSync(csv)],
    ['stock/a.csv.zst', zstdCompressSync(csv)],
    ['stock/a.ndjson', ndjson],
    ['stock/deep/er/a.jsonl.zst', zstdCompressSync(ndjson)],
    ['stock/a.json', JSON.stringify(ndjson.trim().split('\n').map((line) => JSON.parse(line) as object))], // prettier-ignore
    ['stock/AWSDynamoDB/01-2/data/x.json.gz', gzipSync(exported)],
  ])('as %s can be asked right after, and is kept as it came', async (key, content) => {
    const { drop, ask, lake, inbox } = world();
    expect(await drop(key, content)).toMatchObject({ status: 'TAKEN', rows: 2 });
    expect(await ask('SELECT product, in_stock + 1 FROM stock ORDER BY product')).toEqual([['fig', 8], ['pear', 6]]); // prettier-ignore
    expect([...lake].find(([name]) => name.startsWith('raw/stock/day=2026-11-02/'))?.[1]).toEqual(Buffer.from(content));
    expect(inbox.size).toBe(0);
  });

  it('may be Parquet, and packed too', async () => {
    const { drop, ask } = world();
    await drop('stock/a.parquet', await parquet());
    await drop('stock/b.parquet.gz', gzipSync(await parquet()));
    expect(await ask('SELECT count(*), sum(in_stock) FROM stock')).toEqual([[4, 24]]);
  });

  it('counts once, however often it comes, and also when it ended half-way', async () => {
    const { drop, ask, failOnce } = world();
    failOnce();
    await expect(drop('stock/a.csv', csv, 'same')).rejects.toThrow('no table');
    await drop('stock/a.csv', csv, 'same');
    await drop('stock/a.csv', csv, 'same');
    expect(await ask('SELECT count(*) FROM stock')).toEqual([[2]]);
  });

  it.each([
    ['stock/a.csv', 'a,b\n1,2\n3\n4,5,6\n', /line|column/i],
    ['stock/a.ndjson', '{"a":1}\n{oops\n', /a\.ndjson.*line/],
    ['stock/a.csv.gz', 'no gzip', /unpacked/],
    ['stock/a.parquet', 'no parquet', /a\.parquet/],
    ['stock/a.csv', 'a,b\n', /no rows/],
    ['stock/a.json', '{"Item":{"a":{"Q":"1"}}}', /DynamoDB/],
    ['stock/a.csv', 'a b,a_b\n1,2\n', /both be called a_b/],
    ['stock/a.pdf', '%PDF', /csv, json/],
    ['Stock!/a.csv', csv, /no name/],
    ['page_events/a.csv', csv, /none of the lake's own/],
  ])('as %s is kept with the reason when it is none: %s', async (key, content, reason) => {
    const { drop, lake, inbox, uploaded } = world();
    expect(await drop(key, content)).toMatchObject({ status: 'FAILED', problem: expect.stringMatching(reason) });
    expect([...lake].filter(([name]) => name.startsWith('failed/')).map(([, kept]) => kept.toString())).toEqual([content]);
    expect([inbox.size, uploaded.size]).toEqual([0, 0]);
  });

  it('is refused unread when it is too large, and stays where it was dropped', async () => {
    const { drop, inbox } = world();
    expect(await drop('stock/a.csv', csv, 'e', mostFileBytes + 1)).toMatchObject({
      status: 'FAILED',
      problem: expect.stringContaining('divide'),
    });
    expect(inbox.size).toBe(1);
  });

  it('can be repaired and dropped again', async () => {
    const { drop, ask, items } = world();
    await drop('stock/a.csv', 'a,b\n1\n');
    await drop('stock/a.csv', csv);
    expect([...items.values()].map(({ status }) => status)).toEqual(['FAILED', 'TAKEN']);
    expect(await ask('SELECT count(*) FROM stock')).toEqual([[2]]);
  });
});

describe('a dataset of files', () => {
  it('gets columns and wider types, remembers since when, and refuses what would lose something', async () => {
    const { drop, ask, uploaded, told } = world();
    await drop('stock/a.ndjson', '{"product":"pear","weight":1}');
    await drop('stock/b.ndjson', '{"product":"fig","origin":"Izmir"}');
    expect(await drop('stock/c.ndjson', '{"product":7.5}')).toMatchObject({ status: 'TAKEN' });
    expect(await drop('stock/d.ndjson', '{"product":"kiwi","weight":"heavy"}')).toMatchObject({
      status: 'FAILED',
      problem: expect.stringContaining('weight is BIGINT here and VARCHAR'),
    });
    expect(await ask('SELECT product, weight, origin FROM stock ORDER BY product')).toEqual([['7.5', null, null], ['fig', null, 'Izmir'], ['pear', 1, null]]); // prettier-ignore
    expect(uploaded.get('stock')?.history.map(({ version, origin, columns }) => [version, origin, Object.keys(columns)])).toEqual([
      [1, 'stock/a.ndjson', ['product', 'weight']],
      [2, 'stock/b.ndjson', ['product', 'weight', 'origin']],
    ]);
    expect(told).toEqual(['dataset-created', 'schema-changed', 'ingest-failed']);
  });

  it('may have columns that are words of SQL', async () => {
    const { drop, ask } = world();
    await drop('stock/a.csv', 'order,select,limit\n1,x,2\n');
    await drop('stock/b.csv', 'order,group\n3,y\n');
    expect(await ask('SELECT sum("order"), max("limit"), max("group") FROM stock')).toEqual([[4, 2, 'y']]);
  });

  it('can be asked together with what services told', async () => {
    const { drop, ask } = world();
    await drop('stock/a.csv', csv);
    expect(await ask('SELECT count(*) FROM stock LEFT JOIN page_events ON product_id = product')).toEqual([[2]]);
  });
});
