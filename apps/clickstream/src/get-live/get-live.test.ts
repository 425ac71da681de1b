import { count, emptyMinute, type PageEvent, toKept } from '../minute.ts';
import { getLive } from './get-live.ts';

const now = new Date('2026-11-02T09:31:30.000Z');
const time = '2026-11-02T09:31:29.500Z';
const shard = (...events: PageEvent[]) => {
  const minute = emptyMinute();
  for (const event of events) count(minute, event, now.getTime());
  return toKept(minute);
};
const viewed = (id: string, sessionId: string, productId: string): PageEvent => ({
  id,
  time,
  type: 'product.viewed',
  sessionId,
  productId,
});
const confirmed = (id: string, milliseconds: number): PageEvent => ({
  ...{ id, time, type: 'order.confirmed', orderId: id, total: { amount: 100, currency: 'EUR' }, milliseconds },
});

const alerts = [{ ruleId: 'price-scraping', severity: 'warning', at: time }] as const satisfies object[];

describe('what happens now', () => {
  it('is the sum of what all shards tell, where a visitor who is in two of them is one', async () => {
    const minutes = [
      shard(viewed('a', 's-1', 'pear'), viewed('b', 's-2', 'pear'), {
        id: 'c',
        time,
        type: 'basket.added',
        sessionId: 's-1',
        productId: 'pear',
        quantity: 1,
      }),
      shard(viewed('d', 's-1', 'fig'), confirmed('e', 60), confirmed('f', 90)),
    ];
    expect(await getLive({ minutes: async () => minutes, alerts: async () => [...alerts], now: () => now })()).toEqual({
      freshness: { asOf: now.toISOString(), newestEvent: time, lagMilliseconds: 500 },
      visitors: 2,
      events: 6,
      duplicates: 0,
      late: 0,
      funnel: { viewed: 2, addedToBasket: 1, ordered: 0, confirmed: 2 },
      conversion: 1,
      topProducts: [
        { productId: 'pear', views: 2 },
        { productId: 'fig', views: 1 },
      ],
      revenue: [{ amount: 200, currency: 'EUR' }],
      timeToConfirm: { p50: 60, p95: 60 },
      alerts,
    });
  });

  it('has times to confirm within 1 %, over all shards', async () => {
    const confirmations = Array.from({ length: 2000 }, (_, at) => confirmed(`o-${at}`, at + 1));
    const minutes = [shard(...confirmations.slice(0, 700)), shard(...confirmations.slice(700))];
    const { timeToConfirm } = await getLive({ minutes: async () => minutes, alerts: async () => [...alerts], now: () => now })();
    expect(Math.abs((timeToConfirm?.p50 ?? 0) - 1000)).toBeLessThanOrEqual(11);
    expect(Math.abs((timeToConfirm?.p95 ?? 0) - 1900)).toBeLessThanOrEqual(20);
  });

  it('is nothing where nothing happened, and says no time that there was not', async () => {
    const live = await getLive({ minutes: async () => [], alerts: async () => [], now: () => now })();
    expect(live).toMatchObject({ visitors: 0, conversion: 0, freshness: { asOf: now.toISOString() } });
    expect([live.freshness.newestEvent, live.timeToConfirm]).toEqual([undefined, undefined]);
  });
});
