import { datasets, hourOf, type Row } from '../../datasets.ts';
import { mergeHour } from '../../refine/merge-hour.ts';
import { answerSql } from '../../run-query/answer-sql.ts';
import { seriesOf } from '../app/to-option.ts';
import { dashboards } from './index.ts';
import { fillIn } from './dashboard.ts';

const now = new Date('2026-11-02T10:00:00.000Z');
const time = '2026-11-02T09:30:10.000Z';
const session = { sessionId: 's-1' };
const total = { amount: 250, currency: 'EUR' };
const lines = [{ productId: 'pear', quantity: 2 }];
const pageEvents = [
  { type: 'product.viewed', ...session, productId: 'pear' },
  { type: 'basket.added', ...session, productId: 'pear', quantity: 2 },
  { type: 'order.placed', orderId: 'o-1', total },
  { type: 'order.confirmed', orderId: 'o-1', total, milliseconds: 70 },
].map((event, at) => JSON.stringify({ id: `e-${at}`, time, ...event }));
const busEvents = [
  ['orders', 'orders.OrderPlaced.v1', { orderId: 'o-1', total, lines }],
  ['inventory', 'inventory.StockReserved.v1', { orderId: 'o-1', lines }],
  ['inventory', 'inventory.StockRejected.v1', { orderId: 'o-2', shortages: [{ productId: 'fig', requested: 6, available: 2 }] }],
  ['payments', 'payments.PaymentCaptured.v1', { orderId: 'o-1', total }],
  ['orders', 'orders.OrderConfirmed.v1', { orderId: 'o-1', total }],
].map(([source, type, data], at) =>
  JSON.stringify({
    ...{ id: `b-${at}`, source: `larder.${String(source)}`, 'detail-type': type, time },
    detail: { specversion: '1.0', id: `b-${at}`, type, time: `2026-11-02T09:30:1${at}.000Z`, data },
  }),
);

/** Asks a small lake. */
async function ask(sql: string) {
  const files = new Map<string, Uint8Array>();
  for (const dataset of datasets) {
    const rows = (dataset.name === 'page_events' ? pageEvents : busEvents).map((line) => dataset.toRow(line) as Row);
    files.set(dataset.name, (await mergeHour(dataset, rows, [], false)).file);
  }
  const rows: (readonly unknown[])[] = [];
  const hours: string[] = [];
  const answer = await answerSql({
    uploaded: [],
    filesOf: async (dataset, { from, to }) => {
      hours.push(from);
      const hour = hourOf(time);
      return hour >= from && hour <= to ? [{ key: dataset, rows: 1, bytes: 1 }] : [];
    },
    readFile: async (key) => files.get(key) ?? new Uint8Array(),
    mayRead: () => 'all',
    keepPage: async (_, page) => void rows.push(...page),
    keepFile: async () => undefined,
    signal: new AbortController().signal,
  })(sql);
  return { ...answer, rows, hours };
}

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboard.panels] as const))('%s', (_, panels) => {
  it.each(panels.map((panel) => [panel.title, panel] as const))('%s has an answer that can be drawn', async (__, { sql, chart }) => {
    const { rows, columns } = await ask(fillIn(sql, now));
    expect(rows.length).toBeGreaterThan(0);
    expect(seriesOf(chart === 'number' ? [{ name: '', type: '' }, ...columns] : columns).length).toBeGreaterThan(0);
    expect(rows.flat()).not.toContain(null);
  });
});

it('reads the hours of its time only', async () => {
  const { hours } = await ask(fillIn(dashboards.find(({ name }) => name === 'funnel')?.panels[0]?.sql ?? '', now));
  expect(hours).toEqual(['2026-11-01-10']);
});
