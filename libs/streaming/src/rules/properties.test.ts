import fc from 'fast-check';
import { backTest } from './back-test.ts';
import type { Rule } from './rule.ts';
import { ruleOf, watched } from './rules.fixture.ts';
import { type Alert, createWatch, type GatheredPane, noWatch, type Timed } from './watch.ts';

const [knocks, opens] = [{ types: ['knock'] }, { types: ['open'] }];
const quick = { coolDownMs: 20_000, window: { kind: 'sliding', size: 30_000, every: 10_000 } } as const;
/** One of each kind, and one that counts everything together. */
const rules: readonly Rule[] = [
  ruleOf({ kind: 'threshold', of: knocks, measure: 'events', atLeast: 3 }, { ...quick, id: 'threshold' }),
  ruleOf({ kind: 'threshold', of: knocks, measure: { different: 'hand' }, atLeast: 2 }, { ...quick, id: 'different' }),
  ruleOf({ kind: 'velocity', of: knocks, measure: { sum: 'force' }, atLeast: 6, perMinute: 30 }, { ...quick, id: 'velocity' }),
  ruleOf({ kind: 'sequence', steps: [knocks, opens, knocks] }, { ...quick, id: 'sequence' }),
  ruleOf({ kind: 'absence', after: knocks, measure: 'events', atLeast: 2, without: opens, forMs: 20_000 }, { ...quick, id: 'absence' }),
  ruleOf({ kind: 'ratio', of: knocks, measure: 'events', windows: 2, usual: 1, below: 0.5 }, { ...quick, id: 'ratio', key: [] }),
];

const some = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300_000 }),
    type: fc.constantFrom('knock', 'knock', 'open'),
    who: fc.constantFrom('ann', 'bob', 'eve'),
    hand: fc.constantFrom('left', 'right'),
    force: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 20, maxLength: 120, size: 'max' },
);
const timed = (all: readonly { at: number; type: string }[]): Timed[] =>
  all.map(({ at, ...event }, place) => ({ at, event: { id: `e-${place}`, ...event } }));
const end = 1_000_000;

/** Every event is delayed by at most this: its place in the order of arrival. */
const disorder = 15_000;
const arrivals = (events: readonly Timed[], delays: readonly number[]) =>
  events
    .map((one, place) => ({ one, arrival: one.at + ((delays[place % delays.length] ?? 0) % disorder) }))
    .sort((a, b) => a.arrival - b.arrival);

const delays = fc.array(fc.nat(), { minLength: 7, maxLength: 40 });
const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
const inBatches = <One>(all: readonly One[], of: readonly number[]): One[][] => {
  const batches: One[][] = [];
  for (let from = 0; from < all.length; from += batches.at(-1)?.length ?? 1)
    batches.push(all.slice(from, from + (of[batches.length % of.length] ?? 1)));
  return batches;
};
const history = (events: readonly Timed[]) => backTest({ rules, until: end, pointMs: 60_000 })(events).alerts;

it('the same events give the same alerts, in whatever order within the disorder, in whatever batches, whenever time is told', () => {
  let found = new Set<string>();
  fc.assert(
    fc.property(some, delays, sizes, fc.boolean(), (all, late, of, ticks) => {
      const events = timed(all);
      const { give, alerts, state } = watched(rules, { outOfOrderMs: disorder });
      for (const batch of inBatches(arrivals(events, late), of)) {
        give(batch.map(({ one }) => one));
        if (ticks) give([], { reached: batch.at(-1)?.arrival ?? 0 });
      }
      give([], { reached: end + disorder });
      expect(state().late).toBe(0);
      expect(alerts).toEqual(history(events));
      found = new Set([...found, ...alerts.map(({ ruleId }) => ruleId)]);
    }),
  );
  expect(found.size).toBe(rules.length);
});

it('a batch that comes again changes nothing, nor does what comes twice in history', () => {
  fc.assert(
    fc.property(some, sizes, (all, of) => {
      const events = timed(all);
      const [once, twice] = [watched(rules, { outOfOrderMs: end }), watched(rules, { outOfOrderMs: end })];
      inBatches(events, of).forEach((batch, at) => {
        const more = { sequenceNumber: String(at) };
        once.give(batch, more);
        twice.give(batch, more);
        expect(twice.give(batch, more).alerts).toEqual([]);
      });
      const last = { sequenceNumber: '1000', reached: 2 * end };
      once.give([], last);
      twice.give([], last);
      expect(twice.alerts).toEqual(once.alerts);
      expect(twice.state()).toEqual(once.state());
      expect(history([...events, ...events])).toEqual(history(events));
    }),
  );
});

it('shards that gather panes, judged together, find what one finds', () => {
  fc.assert(
    fc.property(some, sizes, fc.integer({ min: 1, max: 4 }), (all, of, shards) => {
      const events = timed(all).sort((a, b) => a.at - b.at);
      const gather = createWatch({ rules: [], gathers: rules, outOfOrderMs: 0, idleMs: 1e12 });
      const together = createWatch({ rules, outOfOrderMs: 0, idleMs: 1e12 });
      const states = Array.from({ length: shards }, () => noWatch);
      const waiting: GatheredPane[] = [];
      const alerts: Alert[] = [];
      let joined = noWatch;
      const takeTogether = (round: number) => {
        const reached = Math.min(...states.map(({ watermark }) => watermark.at));
        const taken = together(joined, { panes: waiting.splice(0), shardId: 'together', sequenceNumber: `${round}`, reached }, 0);
        joined = JSON.parse(JSON.stringify(taken.state)) as typeof joined;
        alerts.push(...taken.alerts);
      };
      const batches = [...inBatches(events, of), []];
      for (const [round, batch] of batches.entries()) {
        for (const [place, state] of states.entries()) {
          const mine = batch.filter((_, at) => (at + round) % shards === place);
          const reached = batch.length > 0 ? undefined : end;
          // Some shards are behind the others.
          if (reached === undefined && (round + place) % 3 === 0 && mine.length === 0) continue;
          const taken = gather(state, { events: mine, shardId: `${place}`, sequenceNumber: `${round}`, ...(reached && { reached }) }, 0);
          states[place] = JSON.parse(JSON.stringify(taken.state)) as typeof state;
          waiting.push(...(JSON.parse(JSON.stringify(taken.panes)) as GatheredPane[]));
        }
        takeTogether(round);
      }
      expect(alerts).toEqual(history(events));
    }),
  );
});

it('there are never more keys than there may be', () => {
  fc.assert(
    fc.property(some, sizes, fc.integer({ min: 1, max: 5 }), (all, of, mostKeys) => {
      const { give, state } = watched(rules, { mostKeys, outOfOrderMs: end });
      const events = timed(all).map(({ at, event }, place) => ({ at, event: { ...event, who: `somebody-${place % 9}` } }));
      for (const batch of inBatches(events, of)) {
        give(batch);
        for (const { keys } of Object.values(state().rules)) expect(keys.length).toBeLessThanOrEqual(mostKeys);
      }
      expect(Object.values(state().rules).some(({ evicted }) => evicted > 0)).toBe(true);
    }),
  );
});
