import { datasets, type Hours, hourOf, type Row } from '../datasets.ts';
import type { LakeNotice } from '../notices.ts';
import { mergeHour } from '../refine/merge-hour.ts';
import { answerSql } from '../run-query/answer-sql.ts';
import { checkQuality, type QualityState } from './check-quality.ts';
import { foreign, fresh, notNull, type QualityRule, qualityRules, range, ruled, unique, volume } from './rules.ts';

const pages = datasets[0] as (typeof datasets)[number];
const at = (time: string, number: number, more: object = {}): Row => ({ event_id: `e-${number}`, event_time: time, type: 'basket.added', session_id: 's-1', product_id: 'pear', quantity: 2, ...more }); // prettier-ignore
const [now, lastWeek] = ['2026-11-09T09:10:00.000Z', '2026-11-02T09:10:00.000Z'];
const time = new Date('2026-11-09T10:05:00.000Z');

/** A lake of some rows of page events; whatever has one id twice came from files that were never merged. */
async function world(rules: readonly QualityRule[], rows: () => readonly Row[]) {
  const [told, results] = [[] as LakeNotice[], [] as string[]];
  const states = new Map<string, QualityState>();
  const measure = async (sql: string) => {
    const files = await Promise.all(
      rows().map(async (row) => [hourOf(row.event_time), (await mergeHour(pages, [row], [], false)).file] as const),
    );
    let first: unknown;
    await answerSql({
      uploaded: [],
      filesOf: async (dataset: string, { from, to }: Hours) =>
        files.flatMap(([hour], key) =>
          dataset === 'page_events' && hour >= from && hour <= to ? [{ key: String(key), rows: 1, bytes: 1 }] : [],
        ),
      readFile: async (key) => files[Number(key)]?.[1] ?? new Uint8Array(),
      mayRead: () => 'all',
      keepPage: async (_, page) => void (first = page[0]?.[0]),
      keepFile: async () => undefined,
      signal: new AbortController().signal,
    })(sql);
    return Number(first);
  };
  const check = checkQuality({
    ...{ rules, measure, findState: async (rule) => states.get(rule), keepState: async (state) => void states.set(state.rule, state) },
    keepResults: async (_, lines) => void results.push(...lines),
    tell: async (notice) => void told.push(notice),
  });
  return { check: () => check(time), told, results };
}

describe('a rule of quality', () => {
  it.each([
    ['is there', notNull('page_events', 'session_id'), [at(now, 1, { session_id: undefined })]],
    ['is unique', unique('page_events', 'event_id'), [at(now, 1), at(now, 1)]],
    ['has a range', range('page_events', 'quantity', 1, 10), [at(now, 1, { quantity: 11 })]],
    ['is one of another', foreign('page_events', 'order_id', 'orders', 'order_id'), [at(now, 1, { order_id: 'o-1' })]],
    ['is fresh', fresh('page_events'), [at(lastWeek, 1)]],
    ['has as much as last week', volume('page_events', 0.5), [at(now, 1), at(lastWeek, 2), at(lastWeek, 3), at(lastWeek, 4)]],
  ])('that says what %s is broken when it is not, and holds when it is', async (_, rule, rows) => {
    const bad = await world([rule], () => rows);
    expect([await bad.check(), bad.told]).toEqual([1, [expect.objectContaining({ kind: 'quality-broken', rule: rule.name })]]);
    const good = await world([rule], () => [at(now, 1), at(now, 2), at(lastWeek, 3)]);
    expect([await good.check(), good.told]).toEqual([0, []]);
  });

  it('is told when it breaks, and not again until it has held', async () => {
    let rows = [at(now, 1, { quantity: 99 })];
    const { check, told } = await world([range('page_events', 'quantity', 1, 10)], () => rows);
    await check();
    await check();
    expect(told).toHaveLength(1);
    rows = [at(now, 1)];
    await check();
    rows = [at(now, 1, { quantity: 99 })];
    await check();
    expect(told).toHaveLength(2);
  });

  it('that cannot be checked holds up no other', async () => {
    const nonsense = { name: 'nonsense', dataset: 'page_events', sql: 'SELECT nothing FROM page_events', atMost: 0 };
    const { check, results } = await world([nonsense, fresh('page_events')], () => [at(now, 1)]);
    await expect(check()).rejects.toThrow('1 rules could not be checked');
    expect(results).toHaveLength(1);
  });

  it('leaves its result as a row of a dataset, the same for the same hour', async () => {
    const { check, results } = await world([fresh('page_events')], () => [at(now, 1)]);
    await check();
    const dataset = datasets.find(({ name }) => name === 'quality_results');
    expect(dataset?.toRow(results[0] ?? '')).toEqual({
      ...{ event_id: '2026-11-09-09#page_events is fresh', event_time: time.toISOString(), type: 'quality.checked' },
      ...{ dataset: 'page_events', rule: 'page_events is fresh', checked_hour: '2026-11-09-09', passed: true, measured: 1, allowed: 1 },
    });
    expect(dataset?.toRow('{}')).toHaveProperty('problem');
  });

  it('is about datasets that there are, and can be asked', async () => {
    for (const { dataset } of qualityRules) expect(ruled).toContain(dataset);
    const { check, told } = await world(qualityRules, () => [at(now, 1), at(now, 2)]);
    expect([await check(), told]).toEqual([0, []]);
  });
});
