import { gzipSync } from 'node:zlib';
import { ConditionFailed } from '@larder/service/errors';
import { datasets, hourOf } from '../datasets.ts';
import type { ErasureItem } from '../erasures-table.ts';
import type { LakeFile, Partition } from '../lake-store.ts';
import type { QueryItem } from '../queries-table.ts';
import { packLines, unpackLines } from '../raw-lines.ts';
import { mergeHour } from '../refine/merge-hour.ts';
import { readTable } from '../take-file/read-table.ts';
import { eraseAll } from './erase.ts';
import { eraseInFile, findInFile } from './erase-file.ts';
import { isNamedIn } from './is-named-in.ts';
import { eraseLines } from './erase-lines.ts';
import { type ZoneDeps, zonesOf } from './zones.ts';

const ada = 'a1b2-ada';
const viewed = (number: number, sessionId: string) =>
  JSON.stringify({ id: `e-${number}`, time: '2026-11-02T09:30:10.000Z', type: 'product.viewed', sessionId, productId: 'pear' });
const placed = (id: string, customerId: string) =>
  JSON.stringify({
    ...{ id: `bridge-${id}`, source: 'larder.orders', 'detail-type': 'OrderPlaced.v1', time: '2026-11-02T09:30:11Z' },
    detail: {
      specversion: '1.0',
      id,
      type: 'orders.OrderPlaced.v1',
      time: '2026-11-02T09:30:10.000Z',
      data: { orderId: `o-${id}`, customerId },
    },
  });

/** A lake that keeps everything in memory. */
async function world() {
  const objects = new Map<string, { content: Uint8Array; changedAt: Date }>();
  const answers = new Map<string, string>();
  const queries = new Map<string, QueryItem>();
  const partitions = new Map<string, Partition>();
  let dropped: readonly LakeFile[] = [];
  let now = new Date('2026-11-02T10:00:00.000Z');
  let [ids, conflicts] = [0, 0];
  const pageOf = <Value>(all: ReadonlyMap<string, Value>, prefix: string, limit: number, after = '') =>
    [...all].filter(([key]) => key.startsWith(prefix) && key > after).toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit); // prettier-ignore
  const put = (key: string, content: Uint8Array | string) => objects.set(key, { content: Buffer.from(content), changedAt: now });
  const deps: ZoneDeps = {
    listObjects: async (prefix, limit, after) => pageOf(objects, prefix, limit, after).map(([key, { changedAt }]) => ({ key, changedAt })),
    readFile: async (key) => objects.get(key)?.content ?? Buffer.from(''),
    writeFile: async (key, content) => void put(key, content),
    removeObject: async (key) => void objects.delete(key),
    packLines,
    findPartition: async (dataset, hour) => partitions.get(`${dataset}/${hour}`),
    keepPartition: async (partition) => {
      if (conflicts-- > 0) throw new ConditionFailed([0], []);
      partitions.set(`${partition.dataset}/${partition.hour}`, partition);
    },
    dropLater: async (files) => void (dropped = [...dropped, ...files]),
    ...{ isNamedIn, findInFile, eraseInFile },
    listAnswers: async (limit, after) => pageOf(answers, '', limit, after).map(([key]) => key),
    readAnswerText: async (key) => answers.get(key) ?? '',
    dropAnswer: async (queryId) => [...answers.keys()].filter((key) => key.startsWith(`${queryId}/`)).forEach((key) => answers.delete(key)),
    scanQueries: async () => ({ items: [...queries.values()] }),
    findQuery: async (queryId) => queries.get(queryId),
    rewriteQuery: async (item) => void queries.set(item.queryId, item),
    newId: () => `n${(ids += 1)}`,
    now: () => now,
  };
  const raw = (dataset: string, ...lines: string[]) => put(`raw/${dataset}/day=2026-11-02/${objects.size}.ndjson.zst`, packLines(lines));
  const curate = async (place: number, ...lines: string[]) => {
    const dataset = datasets[place] ?? fail();
    const rows = lines.map((line) => dataset.toRow(line) as Parameters<typeof mergeHour>[1][number]);
    const hour = hourOf(rows[0]?.event_time ?? '');
    const { file } = await mergeHour(dataset, rows, [], false);
    const key = `curated/${dataset.name}/hour=${hour}/${deps.newId()}.parquet`;
    put(key, file);
    const files = [...(partitions.get(`${dataset.name}/${hour}`)?.files ?? []), { key, rows: rows.length, bytes: file.byteLength }];
    partitions.set(`${dataset.name}/${hour}`, { dataset: dataset.name, hour, version: 1, files, refreshedAt: '' });
  };
  let erasure: ErasureItem = {
    ...{ erasureId: 'e', subject: ada, open: 'yes', status: 'QUEUED', personId: 'eve', askedAt: now.toISOString() },
    ...{ zone: 0, changed: 0, searched: 0, found: 0 },
  };
  let pages = Infinity;
  const run = async (most = Infinity) => {
    pages = most;
    return eraseAll({
      zones: zonesOf(datasets, [{ name: 'suppliers' }], deps),
      findOpenErasures: async () => (erasure.open ? [erasure] : []),
      keep: async (item) => void (erasure = item),
      hasTime: () => pages-- > 0,
      now: () => now,
    })();
  };
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
    for (const { key } of dropped) objects.delete(key);
    dropped = [];
  };
  const everything = () => [
    ...[...objects].map(([key, { content }]) =>
      key.endsWith('.zst') ? unpackLines(key, content).join('\n') : Buffer.from(content).toString('latin1'),
    ),
    ...answers.values(),
    ...[...queries.values()].map((query) => JSON.stringify(query)),
  ];
  return {
    ...{ raw, curate, put, objects, answers, queries, partitions, run, later, everything },
    erasure: () => erasure,
    conflict: (times: number) => (conflicts = times),
  };
}
function fail(): never {
  throw new Error('no dataset');
}

async function full() {
  const lake = await world();
  lake.raw('page_events', viewed(1, ada), viewed(2, 'bob'), viewed(3, `${ada}-2`));
  lake.raw('bus_events', placed('a', ada), placed('b', 'bob'));
  lake.put('failed/page_events/day=2026-11-02/0.ndjson', JSON.stringify({ problem: 'is none', line: `{"sessionId":"${ada}"}` }));
  await lake.curate(0, viewed(1, ada), viewed(2, 'bob'), viewed(3, `${ada}-2`));
  await lake.curate(1, placed('a', ada), placed('b', 'bob'));
  lake.answers
    .set('q1/0.json', JSON.stringify([[ada, 1]]))
    .set('q1/answer.parquet', 'PAR1')
    .set('q2/0.json', '[["bob",1]]');
  const query = { personId: 'eve', teams: ['owners'], askedAt: '', status: 'SUCCEEDED' } as const;
  lake.queries.set('q1', { ...query, queryId: 'q1', sql: 'SELECT * FROM page_events' });
  lake.queries.set('q2', { ...query, queryId: 'q2', sql: `SELECT '${ada}', 'bob'` });
  return lake;
}

describe('erasing a person', () => {
  it('leaves nothing of them anywhere, and everything of everybody else', async () => {
    const lake = await full();
    await lake.run();
    expect(lake.erasure()).toMatchObject({ status: 'PROVING', changed: 7 });
    expect(await lake.run()).toEqual({ erased: 0, late: 0 });
    lake.later(12);
    expect(await lake.run()).toEqual({ erased: 1, late: 0 });
    expect(lake.erasure()).toMatchObject({ status: 'ERASED', found: 0, erasedAt: '2026-11-02T10:12:00.000Z' });
    expect(lake.everything().filter((text) => new RegExp(`${ada}(?!-2)`).test(text))).toEqual([]);
    const rows = [...lake.partitions.values()].flatMap(({ files }) => files.map((file) => file.rows));
    expect(rows).toEqual([2, 2]);
    expect([...lake.answers.keys()]).toEqual(['q2/0.json']);
    expect(lake.queries.get('q1')).toMatchObject({ status: 'FAILED', answer: undefined });
    expect(lake.queries.get('q2')).toMatchObject({ status: 'SUCCEEDED', sql: `SELECT 'erased', 'bob'` });
    const raw = [...lake.objects].filter(([key]) => key.startsWith('raw/')).flatMap(([key, { content }]) => unpackLines(key, content));
    expect(raw).toEqual([viewed(2, 'bob'), viewed(3, `${ada}-2`), placed('a', 'erased'), placed('b', 'bob')]);
  });

  it('takes files that name them with it, whatever their format, and only their rows out of the table', async () => {
    const lake = await full();
    const csv = (...rows: string[]) => ['supplier,contact', ...rows].join('\n');
    const key = { dataset: 'suppliers', name: 'a.csv', format: 'csv', compression: 'none' } as const;
    const { file } = await readTable(key, Buffer.from(csv(`Fruits,${ada}`, 'Bread,bob')), {});
    lake.put('raw/suppliers/day=2026-11-02/x-a.csv.gz', gzipSync(csv(`Fruits,${ada}`, 'Bread,bob')));
    lake.put('raw/suppliers/day=2026-11-02/y-b.parquet', file);
    lake.put('raw/suppliers/day=2026-11-02/z-c.csv', csv('Bread,bob'));
    lake.put('failed/suppliers/x-d.csv', `a,b\n${ada}\n`);
    lake.put('failed/never_taken/x-e.csv.gz', gzipSync(`a,b\n${ada}\n`));
    lake.put('failed/_unknown/x-f.txt.gz', gzipSync(ada));
    lake.put('curated/suppliers/hour=2026-11-02-09/f.parquet', file);
    lake.partitions.set('suppliers/2026-11-02-09', { dataset: 'suppliers', hour: '2026-11-02-09', version: 1, files: [{ key: 'curated/suppliers/hour=2026-11-02-09/f.parquet', rows: 2, bytes: 1 }], refreshedAt: '' }); // prettier-ignore
    await lake.run();
    lake.later(12);
    await lake.run();
    expect(lake.erasure()).toMatchObject({ status: 'ERASED', found: 0 });
    expect([...lake.objects.keys()].filter((name) => /^(raw|failed)\/(suppliers|never|_unknown)/.test(name))).toEqual([
      'raw/suppliers/day=2026-11-02/z-c.csv',
    ]);
    const [left] = lake.partitions.get('suppliers/2026-11-02-09')?.files ?? [];
    expect(left?.rows).toBe(1);
    expect(await findInFile(lake.objects.get(left?.key ?? '')?.content ?? new Uint8Array(), 'bob')).toBe(1);
  });

  it('finds a person by a number too, and is not stopped by files without a text, or with other columns than now', async () => {
    const lake = await full();
    const key = { dataset: 'suppliers', name: 'a.csv', format: 'csv', compression: 'none' } as const;
    const { file } = await readTable(key, Buffer.from('shop,total\n12345678,2\n123456789,3\n'), {});
    expect([await findInFile(file, '12345678'), await findInFile(file, '99')]).toEqual([1, 0]);
    expect((await eraseInFile('row', file, '12345678')).rows).toBe(1);
    expect(await isNamedIn('raw/suppliers/day=2026-11-02/x-a.csv', Buffer.from('shop,total\n12345678,2\n'), '12345678')).toBe(true);
    lake.put('raw/suppliers/day=2026-11-02/x-a.csv', 'shop,total\n1,2\n');
    lake.put('curated/suppliers/hour=2026-11-02-09/f.parquet', file);
    await lake.run();
    expect(lake.erasure().status).toBe('PROVING');
  });

  it('of one person holds up no other when it fails', async () => {
    const lake = await full();
    const kept = new Map<string, ErasureItem>();
    const run = eraseAll({
      zones: [{ page: async (subject) => (subject === 'stuck' ? Promise.reject(new Error('no bucket')) : { looked: 1, found: 0 }) }],
      findOpenErasures: async () => ['stuck', 'bob'].map((subject) => ({ ...lake.erasure(), erasureId: subject, subject })),
      keep: async (item) => void kept.set(item.erasureId, item),
      hasTime: () => true,
      now: () => new Date(lake.erasure().askedAt),
    });
    await expect(run()).rejects.toThrow('1 erasures could not go on');
    expect([...kept.values()]).toMatchObject([{ erasureId: 'bob', status: 'PROVING' }]);
  });

  it('goes on where it ended, page by page', async () => {
    const lake = await full();
    for (let run = 0; run < 15; run += 1) {
      expect(lake.erasure().status).not.toBe('PROVING');
      await lake.run(1);
    }
    expect(lake.erasure()).toMatchObject({ status: 'PROVING', changed: 7 });
  });

  it('is not told as done while a search finds something: what somebody else wrote meanwhile, or what could not be written', async () => {
    const lake = await full();
    lake.conflict(1);
    await lake.run();
    lake.raw('page_events', viewed(9, ada));
    lake.later(12);
    await lake.run();
    expect(lake.erasure()).toMatchObject({ status: 'PROVING', found: 0 });
    expect(lake.erasure().proveAfter).toBe('2026-11-02T10:23:00.000Z');
    lake.later(12);
    await lake.run();
    expect(lake.erasure().status).toBe('ERASED');
    expect(lake.everything().filter((text) => new RegExp(`${ada}(?!-2)`).test(text))).toEqual([]);
  });

  it('that takes longer than promised is told, and whom it was about is forgotten after a month', async () => {
    const lake = await full();
    await lake.run(1);
    lake.later(24 * 60 + 1);
    expect(await lake.run(1)).toEqual({ erased: 0, late: 1 });
    for (let run = 0; run < 3; run += 1) {
      await lake.run();
      lake.later(12);
    }
    expect(lake.erasure()).toMatchObject({ status: 'ERASED', subject: ada });
    lake.later(31 * 24 * 60);
    await lake.run();
    expect(lake.erasure()).toMatchObject({ status: 'ERASED', subject: undefined, open: undefined });
  });

  it('removes files that stand in no partition, once nobody can be about to put them there', async () => {
    const lake = await full();
    lake.partitions.set('page_events/2026-11-02-09', {
      dataset: 'page_events',
      hour: '2026-11-02-09',
      version: 2,
      files: [],
      refreshedAt: '',
    });
    await lake.run();
    const left = () => [...lake.objects.keys()].filter((key) => key.startsWith('curated/page_events/'));
    expect(left()).toHaveLength(1);
    lake.later(16);
    await lake.run();
    expect(left()).toEqual([]);
  });
});

describe('a line', () => {
  it('is another one when the id in it is only part of a longer one', () => {
    const lines = ['{"a":"s-1"}', '{"a":"s-10"}', '{"a":"x-s-1"}', '{"a":"/account/s-1?x"}'];
    expect(eraseLines(lines, ['s-1'], 'row')).toEqual(['{"a":"s-10"}', '{"a":"x-s-1"}']);
    expect(eraseLines(lines, ['s-1', 's-10'], 'name')).toEqual([
      '{"a":"erased"}',
      '{"a":"erased"}',
      '{"a":"x-s-1"}',
      '{"a":"/account/erased?x"}',
    ]);
    expect(eraseLines(lines, ['s-2'], 'row')).toBe(lines);
  });
});
