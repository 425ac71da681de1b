import { backTest } from '@larder/streaming/rules/back-test';
import type { Alert } from '@larder/streaming/rules/watch';
import { noWatch } from '@larder/streaming/rules/watch';
import { judgeShop } from '../judge-shop/judge-shop.ts';
import type { PageEvent } from '../minute.ts';
import type { PaneItem } from '../panes-table.ts';
import { rules, shopRules, visitorRules } from '../rules/index.ts';
import type { Watched } from '../watches-table.ts';
import { watchEvents } from './watch-events.ts';

const begin = Date.parse('2026-11-02T09:30:00.000Z');
let ids = 0;
const event = (seconds: number, type: string, more: object): PageEvent =>
  ({ id: `e-${(ids += 1)}`, time: new Date(begin + seconds * 1000).toISOString(), type, ...more }) as PageEvent;
const viewed = (seconds: number, product: number, sessionId = 's-1') =>
  event(seconds, 'product.viewed', { sessionId, productId: `p-${product}` });
/** Something that happens later, so that what was before is over. */
const later = (seconds: number) => event(seconds, 'page.viewed', { sessionId: 'other', page: '/' });

function world() {
  const watches = new Map<string, Watched>();
  const panes = new Map<string, PaneItem>();
  const raised = new Map<string, Alert>();
  let [said, sequence, fails, drops] = [0, 0, 0, true];
  const deps = {
    findWatch: async (watchId: string) => watches.get(watchId) ?? { state: noWatch, version: 0 },
    keepWatch: async (watchId: string, watched: Watched) => {
      if (fails-- > 0) throw new Error('no table');
      expect(watched.version).toBe((watches.get(watchId)?.version ?? 0) + 1);
      watches.set(watchId, JSON.parse(JSON.stringify(watched)) as Watched);
    },
    raiseAlert: async (alert: Alert) => {
      said += 1;
      raised.set(alert.alertId, alert);
    },
  };
  const now = () => new Date(begin + 24 * 60 * 60_000);
  const keepPane = async (gathered: PaneItem['gathered'], shardId: string, sequenceNumber: string) => {
    const pane = `${gathered.from}#${gathered.rule}#${shardId}#${sequenceNumber}`;
    panes.set(pane, { shop: 'shop', pane, gathered });
  };
  const watch = watchEvents({ visitorRules, shopRules, ...deps, keepPane, now });
  const judge = judgeShop({
    ...{ shopRules, ...deps },
    findPanes: async () => [...panes.values()],
    dropPane: async ({ pane }) => void (drops && panes.delete(pane)),
  });
  const give = (events: readonly PageEvent[], shardId = 'a', sequenceNumber = String((sequence += 1))) =>
    watch({ events, shardId, sequenceNumber, duplicates: 0 });
  return {
    ...{ give, judge: (seconds: number) => judge(new Date(begin + seconds * 1000)) },
    alerts: () => [...raised.values()],
    said: () => said,
    failOnce: () => (fails = 1),
    keepPanes: () => (drops = false),
  };
}

describe('rules', () => {
  it('are at least the five that a shop needs', () => {
    expect(rules.map(({ id }) => id)).toEqual(['card-testing', 'coupon-abuse', 'price-scraping', 'stock-hoarding', 'traffic-drop']);
  });

  it.each([
    ['price-scraping', Array.from({ length: 60 }, (_, at) => viewed(at / 2, at))],
    [
      'stock-hoarding',
      Array.from({ length: 3 }, (_, at) => event(at, 'basket.added', { sessionId: 's-1', productId: 'pear', quantity: 70 })),
    ],
    ['coupon-abuse', Array.from({ length: 10 }, (_, at) => event(at, 'coupon.tried', { sessionId: 's-1', code: `PEAR${at}` }))],
  ])('find %s, once, with the evidence', async (ruleId, events) => {
    const { give, alerts } = world();
    await give(events);
    await give([later(60)]);
    await give([later(400)]);
    expect(alerts()).toMatchObject([{ ruleId, key: { sessionId: 's-1' } }]);
    const [{ evidence, measured, limit } = { evidence: [], measured: 0, limit: 1 }] = alerts();
    expect([evidence.length > 0, measured >= limit]).toEqual([true, true]);
    expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining(evidence.map(({ eventId }) => eventId)));
  });

  it('find nothing where a visitor looks, fills a basket and tries a coupon', async () => {
    const { give, alerts } = world();
    const visit = Array.from({ length: 20 }, (_, at) => viewed(at * 5, at));
    await give([...visit, event(101, 'basket.added', { sessionId: 's-1', productId: 'pear', quantity: 6 })]);
    await give([event(110, 'coupon.tried', { sessionId: 's-1', code: 'PEAR10' }), later(900)]);
    expect(alerts()).toEqual([]);
  });

  it('say the same once more, and nothing else, when what was found could not be remembered', async () => {
    const { give, alerts, said, failOnce } = world();
    await give(Array.from({ length: 60 }, (_, at) => viewed(at / 2, at)));
    failOnce();
    await expect(give([later(60)], 'a', '7')).rejects.toThrow('no table');
    await give([later(60)], 'a', '7');
    await give([later(60)], 'a', '7');
    expect([alerts().length, said()]).toEqual([1, 2]);
  });

  it('are not confused by a clock that is ahead by hours', async () => {
    const { give, alerts } = world();
    await give([viewed(48 * 60 * 60, 999, 's-2')]);
    await give(Array.from({ length: 60 }, (_, at) => viewed(24 * 60 * 60 + at / 2, at)));
    await give([later(24 * 60 * 60 + 60)]);
    expect(alerts().length).toBeLessThanOrEqual(1);
  });
});

describe('the shop as a whole', () => {
  const declined = (seconds: number) => event(seconds, 'payment.declined', { orderId: `o-${seconds}` });

  it('is judged by what all shards have seen together', async () => {
    const { give, judge, alerts } = world();
    await give(
      Array.from({ length: 12 }, (_, at) => declined(at * 2)),
      'a',
    );
    await give(
      Array.from({ length: 12 }, (_, at) => declined(at * 2 + 1)),
      'b',
    );
    for (const shard of ['a', 'b']) await give([later(90)], shard);
    await judge(200);
    await judge(260);
    expect(alerts()).toMatchObject([{ ruleId: 'card-testing', key: {}, measured: 24, limit: 20 }]);
  });

  it('is judged once, also when what was taken could not be dropped', async () => {
    const { give, judge, alerts, keepPanes } = world();
    keepPanes();
    await give(
      Array.from({ length: 12 }, (_, at) => declined(at)),
      'a',
    );
    await give([later(90)], 'a');
    await judge(200);
    await judge(260);
    await judge(320);
    expect(alerts()).toEqual([]);
  });

  it('is missed when it falls silent, by the clock alone', async () => {
    const { give, judge, alerts } = world();
    for (let minute = 0; minute < 7; minute += 1) {
      await give(Array.from({ length: 120 }, (_, at) => viewed(minute * 60 + at / 2, at % 20, `s-${at % 60}`)));
      await judge(minute * 60 + 60);
    }
    for (let minute = 7; minute < 12; minute += 1) await judge(minute * 60 + 60);
    expect(alerts()).toMatchObject([{ ruleId: 'traffic-drop', measured: 0, usual: 120 }]);
    expect(alerts()[0]?.evidence.length).toBeGreaterThan(0);
  });
});

it('finds in history what it found live, with what comes twice, out of order or late, and in other batches', async () => {
  const { give, judge, alerts } = world();
  const scraper = Array.from({ length: 80 }, (_, at) => viewed(20 + at / 2, at));
  const visits = Array.from({ length: 600 }, (_, at) => viewed(at, at % 7, `v-${at % 40}`));
  const cards = Array.from({ length: 25 }, (_, at) => declinedAt(100 + at));
  const all = [...scraper, ...visits, ...cards].toSorted((a, b) => (a.time < b.time ? -1 : 1));
  // Up to a second and a half late, some visits by minutes; every other batch comes again.
  const arrivesAt = ({ id, time }: PageEvent, place: number) => {
    const isLate = visits.some((visit, at) => visit.id === id && at % 50 === 49);
    return Date.parse(time) + (isLate ? 150_000 : (place % 4) * 500);
  };
  const arrivals = all.map((one, place) => ({ one, at: arrivesAt(one, place) })).toSorted((a, b) => a.at - b.at);
  expect(arrivals.map(({ one }) => one)).not.toEqual(all);
  for (let from = 0; from < arrivals.length; from += 3) {
    const batch = arrivals.slice(from, from + 3).map(({ one }) => one);
    for (let times = 0; times <= from % 2; times += 1) await give(batch, 'a', String(1000 + from));
  }
  await give([later(800)], 'a', '9000');
  for (let minute = 1; minute < 15; minute += 1) await judge(minute * 60 + 90);
  const timed = [...all, ...all.slice(50, 90)].map((one) => ({ event: one, at: Date.parse(one.time) }));
  const history = backTest({ rules, until: begin + 600_000, pointMs: 60_000 })(timed.toReversed());
  const inOrder = (found: readonly Alert[]) => found.toSorted((a, b) => (a.alertId < b.alertId ? -1 : 1));
  expect(inOrder(history.alerts)).toEqual(inOrder(alerts()));
  expect(history.alerts.length).toBe(2);
});
function declinedAt(seconds: number): PageEvent {
  return event(seconds, 'payment.declined', { orderId: `o-${seconds}` });
}
