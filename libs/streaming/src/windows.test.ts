import fc from 'fast-check';
import { createWindows, noWindows, type Window, type WindowOptions, type WindowState } from './windows.ts';
import type { Shape } from './window-shapes.ts';

interface Event {
  readonly key: string;
  readonly time: number;
}
type Sum = readonly number[];

const options = (shape: Shape, more: Partial<WindowOptions<Event, Sum>> = {}): WindowOptions<Event, Sum> => ({
  shape,
  keyOf: ({ key }) => key,
  timeOf: ({ time }) => time,
  aggregate: {
    none: [],
    add: (sum, { time }) => [...sum, time].sort((a, b) => a - b),
    merge: (one, other) => [...one, ...other].sort((a, b) => a - b),
  },
  ...{ outOfOrderMs: 0, idleMs: 60_000, correctForMs: 0, mostOpen: 1000 },
  ...more,
});

/** Takes batches one after the other, with the state as JSON in between. */
function played(given: WindowOptions<Event, Sum>) {
  const take = createWindows(given);
  let state: WindowState<Sum> = noWindows;
  const results: Window<Sum>[] = [];
  let sequence = 0;
  const give = (times: readonly (number | Event)[], { shardId = 'a', number = ++sequence, now = 0, reached = 0 } = {}) => {
    const events = times.map((time) => (typeof time === 'number' ? { key: 'k', time } : time));
    const taken = take(state, { events, shardId, sequenceNumber: String(number), reached }, now);
    state = JSON.parse(JSON.stringify(taken.state)) as WindowState<Sum>;
    results.push(...taken.results);
    return taken.results.map(({ from, to, sum, revision, replaces }) => [from, to, sum, revision, ...replaces]);
  };
  return { give, results, state: () => state };
}

const tumbling: Shape = { kind: 'tumbling', size: 10 };
const session: Shape = { kind: 'session', gap: 10 };

describe('windows', () => {
  it('that follow each other are told when event time has passed their end', () => {
    const { give } = played(options(tumbling));
    expect(give([1, 9])).toEqual([]);
    expect(give([10])).toEqual([[0, 10, [1, 9], 0]]);
    expect(give([31])).toEqual([[10, 20, [10], 0]]);
  });

  it('are told without an event when the shard says how far it has come', () => {
    const { give } = played(options(tumbling, { outOfOrderMs: 5 }));
    give([1, 9]);
    expect(give([], { reached: 14 })).toEqual([]);
    expect(give([], { reached: 15 })).toEqual([[0, 10, [1, 9], 0]]);
    expect(give([12], { reached: 40 })).toEqual([[10, 20, [12], 0]]);
  });

  it('that overlap count an event in each', () => {
    const { give } = played(options({ kind: 'sliding', size: 10, every: 5 }));
    give([7]);
    expect(give([30]).toSorted()).toEqual([[0, 10, [7], 0], [5, 15, [7], 0]]); // prettier-ignore
  });

  it('of sessions grow and join by their gaps, and keys stay apart', () => {
    const { give } = played(options(session, { outOfOrderMs: 20 }));
    give([0, 15, { key: 'other', time: 4 }]);
    give([8]);
    expect(give([60]).toSorted()).toEqual([[0, 25, [0, 8, 15], 0], [4, 14, [4], 0]]); // prettier-ignore
  });

  it('drop and count what comes when they are over', () => {
    const { give, state } = played(options(tumbling));
    give([5, 12]);
    expect(give([3, 13])).toEqual([]);
    expect([state().late, give([20])]).toEqual([1, [[10, 20, [12, 13], 0]]]);
  });

  it('or tell a correction, as long as they may', () => {
    const { give, state } = played(options(tumbling, { correctForMs: 15 }));
    expect(give([5, 12])).toEqual([[0, 10, [5], 0]]);
    expect(give([3])).toEqual([[0, 10, [3, 5], 1]]);
    give([26]);
    expect([give([4]), state().late]).toEqual([[], 1]);
  });

  it('say which sessions a late event has joined', () => {
    const { give } = played(options(session, { correctForMs: 100 }));
    expect(give([0, 15, 40])).toEqual([[0, 10, [0], 0], [15, 25, [15], 0]]); // prettier-ignore
    expect(give([8])).toEqual([[0, 25, [0, 8, 15], 1, { from: 0, to: 10 }, { from: 15, to: 25 }]]);
  });

  it('of sessions take an old event as long as its session goes on', () => {
    const { give, state } = played(options(session));
    give([0, 9, 18, 27]);
    give([1]);
    expect([give([60]), state().late]).toEqual([[[0, 37, [0, 1, 9, 18, 27], 0]], 0]);
  });

  it('wait for the slowest shard, unless it has fallen silent', () => {
    const { give } = played(options(tumbling));
    give([1], { shardId: 'slow', now: 0 });
    expect(give([50], { shardId: 'fast', now: 1000 })).toEqual([]);
    expect(give([51], { shardId: 'fast', now: 61_001 })).toEqual([[0, 10, [1], 0]]);
  });

  it('are no more at once than there is room for, and what is refused is counted', () => {
    const { give, state } = played(options(tumbling, { mostOpen: 2, outOfOrderMs: 100 }));
    give([1, 11, 21, 2]);
    expect([state().open.map(({ sum }) => sum).toSorted(), state().refused]).toEqual([[[1, 2], [11]], 1]); // prettier-ignore
  });

  it('forget what they have told', () => {
    const { give, state } = played(options(tumbling, { correctForMs: 10 }));
    for (let time = 0; time < 1000; time += 10) give([time]);
    expect(state().open.length).toBeLessThan(4);
  });
});

describe('whatever the order, the batches and the shape', () => {
  const shapes = fc.constantFrom<Shape>(tumbling, { kind: 'sliding', size: 12, every: 4 }, session);
  const events = fc.array(fc.record({ key: fc.constantFrom('k', 'l'), time: fc.integer({ min: 0, max: 200 }) }), { maxLength: 60 });
  const flush = [{ key: 'end', time: 10_000 }];
  const comparable = (results: readonly Window<Sum>[]) =>
    results.map(({ key, from, to, sum }) => JSON.stringify([key, from, to, sum])).sort();
  const inBatches = (all: readonly Event[], size: number) =>
    Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));

  it('events within the allowed disorder give the windows of events in order, none late', () => {
    fc.assert(
      fc.property(shapes, events, fc.integer({ min: 1, max: 9 }), (shape, shuffled, size) => {
        const sorted = played(options(shape, { outOfOrderMs: 200 }));
        sorted.give(shuffled.toSorted((a, b) => a.time - b.time));
        sorted.give(flush);
        const other = played(options(shape, { outOfOrderMs: 200 }));
        for (const batch of inBatches(shuffled, size)) other.give(batch);
        other.give(flush);
        expect(comparable(other.results)).toEqual(comparable(sorted.results));
        expect(other.state().late).toBe(0);
      }),
    );
  });

  it('a batch that comes again, after a crash, changes nothing', () => {
    fc.assert(
      fc.property(shapes, events, fc.integer({ min: 1, max: 9 }), (shape, all, size) => {
        const [once, twice] = [played(options(shape)), played(options(shape))];
        [...inBatches(all, size), flush].forEach((batch, at) => {
          once.give(batch, { number: at + 1 });
          twice.give(batch, { number: at + 1 });
          twice.give(batch, { number: at + 1 });
        });
        expect(twice.results).toEqual(once.results);
        expect(twice.state()).toEqual(once.state());
      }),
    );
  });

  it('every event is told, late, or refused', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (all, size, mostOpen) => {
        const { give, results, state } = played(options(tumbling, { mostOpen }));
        for (const batch of inBatches(all, size)) give(batch);
        give([{ key: 'end', time: 9_000 }]);
        give([{ key: 'end', time: 10_000 }]);
        const told = results.filter(({ key }) => key !== 'end').reduce((sum, window) => sum + window.sum.length, 0);
        const open = state().open.length + results.filter(({ key }) => key === 'end').length;
        expect(told + open + state().late + state().refused).toBe(all.length + 2);
      }),
    );
  });
});
