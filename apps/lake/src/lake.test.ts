import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { AnswerRows } from './answers.ts';
import { datasets } from './datasets.ts';
import type { ArrivedObject, Partition } from './lake-store.ts';
import type { LakeNotice } from './notices.ts';
import type { QueryItem } from './queries-table.ts';
import { convert } from './get-result/convert.ts';
import { unpackLines } from './raw-lines.ts';
import { mergeHour } from './refine/merge-hour.ts';
import { refine } from './refine/refine.ts';
import { answerSql } from './run-query/answer-sql.ts';
import { runQuery } from './run-query/run-query.ts';
import { readableColumns, type TeamName } from './teams.ts';

const viewed = (number: number, time = '2026-11-02T09:30:10.000Z') =>
  JSON.stringify({ id: `e-${number}`, time, type: 'product.viewed', sessionId: 's-1', productId: `p-${number % 3}` });
const busEvent = (type: string, id: string, data: object) =>
  JSON.stringify({
    ...{ id: `bridge-${id}`, source: 'larder.orders', 'detail-type': type, time: '2026-11-02T09:30:11Z' },
    detail: { specversion: '1.0', id, type: `orders.${type}`, time: '2026-11-02T09:30:10.000Z', data },
  });

function world() {
  const raw = new Map<string, readonly string[]>();
  const arrivals = new Map<string, ArrivedObject>();
  const files = new Map<string, Uint8Array | string>();
  const partitions = new Map<string, Partition>();
  const dropped: string[] = [];
  let [ids, fails] = [0, 0];
  const subjects: string[] = [];
  const read = (key: string): Uint8Array => {
    const content = files.get(key);
    if (content === undefined || typeof content === 'string') throw new Error(`no ${key}`);
    return content;
  };
  const run = (given = datasets) =>
    refine({
      findArrivals: async (dataset) => [...arrivals.values()].filter((arrival) => arrival.dataset === dataset),
      forgetArrival: async ({ key }) => {
        if (fails > 0) {
          fails -= 1;
          throw new Error('no table');
        }
        arrivals.delete(key);
      },
      readRaw: async (key) => raw.get(key) ?? [],
      readFile: async (key) => read(key),
      writeFile: async (key, content) => void files.set(key, content),
      findPartition: async (dataset, hour) => partitions.get(`${dataset}/${hour}`),
      keepPartition: async (partition) => {
        const key = `${partition.dataset}/${partition.hour}`;
        expect(partition.version).toBe((partitions.get(key)?.version ?? 0) + 1);
        partitions.set(key, partition);
      },
      dropLater: async (old) => void dropped.push(...old.map(({ key }) => key)),
      merge: mergeHour,
      findSubjects: async () => subjects,
      newId: () => String((ids += 1)),
      now: () => new Date('2026-11-02T09:31:00.000Z'),
      hasTime: () => true,
    })(given);
  const arrive = (dataset: string, ...lines: string[]) => {
    const key = `raw/${dataset}/${raw.size}.ndjson.zst`;
    raw.set(key, lines);
    arrivals.set(key, { dataset, key, bytes: 0 });
    return key;
  };
  let kept: { pages: AnswerRows[]; parquet: Uint8Array } = { pages: [], parquet: new Uint8Array() };
  const ask = async (sql: string, { signal = new AbortController().signal, teams = ['owners'] as readonly TeamName[] } = {}) => {
    const pages: AnswerRows[] = [];
    const answer = await answerSql({
      uploaded: [],
      mayRead: (table) => readableColumns(teams, table),
      keepPage: async (page, rows) => {
        expect(page).toBe(pages.length);
        pages.push(rows);
      },
      keepFile: async (parquet) => void (kept = { pages, parquet }),
      filesOf: async (dataset, { from, to }) =>
        [...partitions.values()].filter((one) => one.dataset === dataset && one.hour >= from && one.hour <= to).flatMap((one) => one.files),
      readFile: async (key) => read(key),
      signal,
    })(sql);
    return { ...answer, rows: pages.flat() };
  };
  return { subjects, kept: () => kept, arrive, run, ask, files, partitions, dropped, raw, failOnce: () => (fails = 1) };
}

describe('what arrives', () => {
  it('is there once, in the hour in which it happened, and what breaks the contract is kept with its reason', async () => {
    const { arrive, run, ask, files, partitions } = world();
    arrive('page_events', viewed(1), viewed(2), viewed(1), 'no JSON', JSON.stringify({ type: 'product.viewed', id: 'x' }));
    arrive('page_events', viewed(2), viewed(3, '2026-11-02T10:00:00.000Z'));
    expect(await run()).toEqual({ added: 3, failed: 2 });
    expect([...partitions.keys()]).toEqual(['page_events/2026-11-02-09', 'page_events/2026-11-02-10']);
    expect((await ask(`SELECT hour, count(*), count(DISTINCT event_id) FROM page_events GROUP BY hour ORDER BY hour`)).rows).toEqual([
      ['2026-11-02-09', 2, 2],
      ['2026-11-02-10', 1, 1],
    ]);
    expect(
      String(files.get('failed/page_events/0.ndjson'))
        .split('\n')
        .map((line) => (JSON.parse(line) as { line: string }).line[0]),
    ).toEqual(['n', '{']);
  });

  it('is there once also when a run ends too early, and when everything of old is refined again', async () => {
    const { arrive, run, ask, raw, failOnce } = world();
    arrive('page_events', viewed(1), viewed(2));
    failOnce();
    await expect(run()).rejects.toThrow('no table');
    expect(await run()).toEqual({ added: 0, failed: 0 });
    arrive('page_events', ...(raw.get('raw/page_events/0.ndjson.zst') ?? []));
    expect(await run()).toEqual({ added: 0, failed: 0 });
    expect((await ask('SELECT count(*) FROM page_events')).rows).toEqual([[2]]);
  });

  it('of a person who was erased is not kept, and does not stay where it arrived', async () => {
    const { arrive, run, ask, files, subjects } = world();
    subjects.push('s-1');
    const other = viewed(2).replace('s-1', 's-11');
    const key = arrive('page_events', viewed(1), other);
    expect(await run()).toEqual({ added: 1, failed: 0 });
    expect((await ask('SELECT session_id FROM page_events')).rows).toEqual([['s-11']]);
    expect(unpackLines(key, files.get(key) as Uint8Array)).toEqual([other]);
  });

  it('becomes one file when an hour has many, with everything that was in them', async () => {
    const { arrive, run, ask, partitions, dropped } = world();
    for (let number = 0; number < 9; number += 1) {
      arrive('page_events', viewed(number), viewed(0));
      await run();
    }
    expect(partitions.get('page_events/2026-11-02-09')?.files.map(({ rows }) => rows)).toEqual([9]);
    expect(dropped).toHaveLength(8);
    expect((await ask('SELECT count(*) FROM page_events')).rows).toEqual([[9]]);
  });

  it('of the bus is there as it came, and tells what became of orders', async () => {
    const { arrive, run, ask } = world();
    const total = { amount: 250, currency: 'EUR' };
    const lines = [{ productId: 'pear', quantity: 1 }];
    arrive(
      'bus_events',
      busEvent('OrderPlaced.v1', 'a', { orderId: 'o1', total, lines }),
      busEvent('OrderConfirmed.v1', 'b', { orderId: 'o1', total }),
    );
    arrive('bus_events', busEvent('OrderPlaced.v1', 'c', { orderId: 'o2', total, lines }), '{}');
    expect(await run()).toEqual({ added: 3, failed: 1 });
    expect((await ask(`SELECT order_id, status, amount, lines FROM orders ORDER BY order_id`)).rows).toEqual([
      ['o1', 'CONFIRMED', 250, 1],
      ['o2', 'PLACED', 250, 1],
    ]);
    expect((await ask(`SELECT data ->> '$.orderId', type FROM bus_events WHERE event_id = 'b'`)).rows).toEqual([
      ['o1', 'orders.OrderConfirmed.v1'],
    ]);
  });
});

describe('a question', () => {
  it.each([
    ['reads a file', `SELECT * FROM read_text('/etc/passwd')`],
    ['reads a file by its name', `SELECT * FROM '/etc/passwd'`],
    ['reads a file within another function', `SELECT (SELECT content FROM read_text('/etc/passwd'))`],
    ['lists files', `SELECT * FROM glob('/*')`],
    ['reads what the engine knows', `SELECT * FROM duckdb_settings()`],
    ['reads a schema', `SELECT * FROM information_schema.tables`],
    ['runs text', `SELECT * FROM query('SELECT 1')`],
    ['writes', `COPY (SELECT 1) TO '/tmp/out.csv'`],
    ['removes', `DROP VIEW page_events`],
    ['is two', `SELECT 1; SELECT 2`],
    ['attaches', `ATTACH '/tmp/x.db'`],
    ['sets', `SET memory_limit = '100GB'`],
    ['asks a setting', `SELECT current_setting('memory_limit')`],
    ['names what is not there', `SELECT * FROM customers`],
    ['names a column that is not there', `SELECT nonsense FROM page_events`],
    ['is no SQL', `tell me everything`],
  ])('that %s is refused', async (_, sql) => {
    await expect(world().ask(sql)).rejects.toMatchObject({ name: 'SqlProblem' });
  });

  it('finds no file behind the name of a table that is not in its reach', async () => {
    const file = join(import.meta.dirname, '../package.json');
    const sql = `SELECT * FROM (WITH "${file}" AS (SELECT 1) FROM "${file}"), "${file}"`;
    await expect(world().ask(sql)).rejects.toMatchObject({ name: 'SqlProblem', message: expect.stringContaining('disabled') });
  });

  it('has an answer while there is nothing, says when there was more, and how much it read', async () => {
    const { arrive, run, ask, partitions } = world();
    expect(await ask('WITH them AS (SELECT * FROM page_events) SELECT count(*) AS n FROM them')).toEqual({
      columns: [{ name: 'n', type: 'BIGINT' }],
      ...{ rows: [[0]], rowCount: 1, pages: 1, truncated: false, bytesScanned: 0, datasets: ['page_events'] },
    });
    arrive('page_events', viewed(1));
    await run();
    const bytes = [...partitions.values()].flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
    expect((await ask('SELECT * FROM page_events')).bytesScanned).toBe(bytes);
    const many = await ask('SELECT i FROM range(200000) t(i) ORDER BY i DESC; -- newest first');
    expect([many.rowCount, many.pages, many.truncated]).toEqual([100_000, 10, true]);
    expect([many.rows[0], many.rows[10_000], many.rows.at(-1)]).toEqual([[199_999], [189_999], [100_000]]);
  });

  it.each([
    [`hour = '2026-11-02-09'`, 1],
    [`hour >= '2026-11-02-10'`, 2],
    [`hour BETWEEN '2026-11-02-09' AND '2026-11-02-10' AND type = 'product.viewed'`, 2],
    [`event_time < TIMESTAMP '2026-11-02 10:00:00'`, 2],
    [`event_time <= '2026-11-02 09:59:59'::TIMESTAMP`, 1],
    [`event_time >= '2026-11-02 11:00' AND event_time < '2026-11-03'`, 1],
    [`page_events.event_time > '2026-11-02 10:59:59.999'`, 2],
    [`hour = '2026-11-02-09' AND hour = '2026-11-02-11'`, 0],
    [`hour = '2026-11-02-09' OR product_id = 'p-0'`, 3],
    [`NOT hour = '2026-11-02-09'`, 3],
    [`event_time >= '2026-11-02 12:00:00+02:00'`, 3],
    [`'2026-11-02-10' <= hour`, 3],
    [`hour > (SELECT '2026-11-02-10')`, 3],
  ])('where %s reads %i of three hours, and answers as if it had read all', async (where, hours) => {
    const { arrive, run, ask, partitions } = world();
    const times = ['2026-11-02T09:30:10.000Z', '2026-11-02T10:00:00.000Z', '2026-11-02T11:59:59.999Z'];
    arrive('page_events', ...times.map((time, number) => viewed(number, time)));
    await run();
    const sizes = [...partitions.values()].flatMap(({ files }) => files.map(({ bytes }) => bytes));
    const few = await ask(`SELECT event_id FROM page_events WHERE ${where} ORDER BY 1`);
    const all = await ask(`SELECT page_events.event_id FROM page_events JOIN (SELECT 1) ON true WHERE ${where} ORDER BY 1`);
    expect(few.rows).toEqual(all.rows);
    expect(all.bytesScanned).toBe(sizes.reduce((sum, bytes) => sum + bytes, 0));
    expect(Math.round(few.bytesScanned / (all.bytesScanned / 3))).toBe(hours);
  });

  it('that reads a table in two places reads the hours of both', async () => {
    const { arrive, run, ask } = world();
    arrive('page_events', viewed(1), viewed(2, '2026-11-02T11:00:00.000Z'));
    await run();
    const count = (where: string) => `(SELECT count(*) FROM page_events p WHERE ${where})`;
    expect((await ask(`SELECT ${count(`p.hour = '2026-11-02-09'`)}, ${count(`p.hour = '2026-11-02-11'`)}`)).rows).toEqual([[1, 1]]);
    const shadowed = `WITH page_events AS (SELECT * FROM page_events WHERE hour = '2026-11-02-09') SELECT count(*) FROM page_events`;
    expect((await ask(shadowed)).rows).toEqual([[1]]);
  });

  it('finds nothing in a column that is younger than a file', async () => {
    const { arrive, run, ask } = world();
    const [pages] = datasets;
    const { code: _, ...before } = pages?.columns ?? {};
    arrive('page_events', viewed(1));
    await run([{ ...pages, columns: before } as (typeof datasets)[number]]);
    arrive('page_events', JSON.stringify({ ...JSON.parse(viewed(2)), productId: undefined, type: 'coupon.tried', code: 'PEAR10' }));
    await run();
    expect((await ask('SELECT event_id, code FROM page_events ORDER BY 1')).rows).toEqual([['e-1', null], ['e-2', 'PEAR10']]); // prettier-ignore
    for (let number = 3; number < 12; number += 1) {
      arrive('page_events', viewed(number));
      await run();
    }
    expect((await ask('SELECT count(*), count(code) FROM page_events')).rows).toEqual([[11, 1]]);
  });

  it('that is too wide for one page has several, and one row that is too wide is refused', async () => {
    const { ask } = world();
    const { pages, rows } = await ask(`SELECT i, repeat('ä', 1000000) FROM range(5) t(i)`);
    expect([pages, rows.map(([i]) => i)]).toEqual([3, [0, 1, 2, 3, 4]]);
    await expect(ask(`SELECT repeat('x', 3000000)`)).rejects.toThrow('too large');
  });

  it('sees what the team of who asks may read, and learns of nothing else', async () => {
    const { arrive, run, ask } = world();
    arrive('page_events', viewed(1));
    arrive('bus_events', busEvent('OrderPlaced.v1', 'a', { orderId: 'o1', total: { amount: 5, currency: 'EUR' }, lines: [] }));
    await run();
    const shop = { teams: ['shop'] } as const;
    const analysts = { teams: ['analysts'] } as const;
    const { columns } = await ask('SELECT * FROM page_events', shop);
    expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['event_id', 'hour']));
    expect(columns.map(({ name }) => name)).not.toContain('words');
    await expect(ask('SELECT words FROM page_events', shop)).rejects.toMatchObject({ name: 'SqlProblem' });
    for (const sql of [
      'SELECT * FROM bus_events',
      'SELECT * FROM orders',
      'SELECT * FROM files.bus_events',
      'WITH "files.bus_events" AS (SELECT 1) SELECT * FROM files.bus_events',
    ])
      await expect(ask(sql, shop)).rejects.toMatchObject({ name: 'SqlProblem' });
    // A table that is made of another needs no right to the other, and gives none.
    expect((await ask('SELECT order_id FROM orders', analysts)).rows).toEqual([['o1']]);
    await expect(ask('SELECT data FROM bus_events, orders', analysts)).rejects.toMatchObject({ name: 'SqlProblem' });
    await expect(ask('SELECT * FROM page_events', { teams: [] })).rejects.toThrow(/no table/);
  });

  it('has its answer as Parquet, CSV and Arrow too, with the same rows', async () => {
    const { ask, kept } = world();
    const sql = `SELECT i::INTEGER AS n, 'a "b", ' || i AS words, 9007199254740993 + i AS large, TIMESTAMP '2026-11-02 09:30:00.5' + INTERVAL (i) DAY AS at,
      NULLIF(i, 1) = 0 AS first, sum(i) OVER () AS sum, i::DECIMAL(9, 2) AS price, [i] AS list, i AS n, i * 0.5::DOUBLE AS half, DATE '2026-11-02' AS day
      FROM range(3) t(i)`;
    await ask(sql);
    const { parquet } = kept();
    const csv = new TextDecoder().decode(await convert.csv(parquet)).split('\n');
    expect(csv[0]).toBe('n,words,large,at,first,sum,price,list,n_1,half,day');
    expect(csv[2]).toBe('1,"a ""b"", 1",9007199254740994,2026-11-03 09:30:00.5,,3,1.00,[1],1,0.5,2026-11-02');
    const arrow = tableFromIPC(await convert.arrow(parquet), { useBigInt: true, useDate: true });
    expect(arrow.numRows).toBe(3);
    expect(arrow.get(1)).toEqual({
      ...{ n: 1, words: 'a "b", 1', large: 9007199254740994n, at: new Date('2026-11-03T09:30:00.500Z'), first: null, sum: 3n },
      ...{ price: '1.00', list: '[1]', n_1: 1n, half: 0.5, day: new Date('2026-11-02T00:00:00.000Z') },
    });
    await ask(`SELECT 1 AS nothing WHERE false`);
    expect(tableFromIPC(await convert.arrow(kept().parquet)).numRows).toBe(0);
    expect(new TextDecoder().decode(await convert.csv(kept().parquet))).toBe('nothing\n');
  });

  it('ends when it is told to', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort('late'), 100);
    const endless = 'SELECT count(*) FROM range(100000000) a, range(100000000) b';
    await expect(world().ask(endless, { signal: ending.signal })).rejects.toThrow(/Interrupt/i);
  });
});

describe('running a question', () => {
  const asked: QueryItem = {
    queryId: 'q',
    personId: 'ada',
    teams: ['owners'],
    sql: 'SELECT 1',
    askedAt: '2026-11-02T09:30:00.000Z',
    status: 'QUEUED',
  };
  function table() {
    let item = asked;
    const told: string[] = [];
    return {
      cancel: () => (item = { ...item, status: 'CANCELLED' }),
      item: () => item,
      findQuery: async () => item,
      moveQuery: async (next: QueryItem) => {
        if (!['QUEUED', 'RUNNING'].includes(item.status)) return false;
        item = next;
        return true;
      },
      ...{ lookEvery: 5, most: 200, tell: async (notice: LakeNotice) => void told.push(notice.kind), told },
    };
  }
  const untilAborted = (_: QueryItem, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('INTERRUPT'))));

  it('says what became of it', async () => {
    const { ask } = world();
    const good = table();
    await runQuery({ ...good, answer: ({ sql }) => ask(sql) })(asked);
    expect(good.item()).toMatchObject({ status: 'SUCCEEDED', answer: { rowCount: 1, pages: 1 }, bytesScanned: 0 });
    const bad = table();
    await runQuery({ ...bad, answer: ({ sql }) => ask(sql) })({ ...asked, sql: 'SELECT x' });
    expect(bad.item()).toMatchObject({ status: 'FAILED', error: expect.stringContaining('x') });
  });

  it('ends at its limit, or when it is cancelled, and stays cancelled', async () => {
    const late = table();
    await runQuery({ ...late, answer: untilAborted })(asked);
    expect(late.item()).toMatchObject({ status: 'FAILED', error: 'The question took more than 0.2 s.' });
    expect(late.told).toEqual(['query-over-limit']);
    const cancelled = table();
    const running = runQuery({ ...cancelled, most: 60_000, answer: untilAborted })(asked);
    setTimeout(cancelled.cancel, 20);
    await running;
    expect([cancelled.item().status, cancelled.told]).toEqual(['CANCELLED', []]);
  });
});
