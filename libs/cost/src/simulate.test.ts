import { sparkline, toSvg } from './picture.ts';
import { type Day, dayOf, simulate, summarize } from './simulate.ts';

const flat = (seconds: number, events: number) => Array.from({ length: seconds }, () => events);
const calm: Day = {
  ...{ load: flat(1200, 1000), bytes: 500, records: 0.01, hot: 0, mode: 'provisioned', shards: 2, readers: 2 },
  ...{ consumed: 100_000, outage: [0, 0], buffer: 0 },
};

describe('a day of a stream', () => {
  it('neither makes nor loses an event, whatever happens', () => {
    for (const day of [
      calm,
      { ...calm, load: dayOf({ rate: 6000, average: 0.5, rush: 4 }), outage: [40_000, 41_000], buffer: 1e6, hot: 0.2 },
      { ...calm, mode: 'on-demand', load: dayOf({ rate: 60_000, average: 0.4, rush: 3 }), buffer: 5e7 },
    ] as const)
      for (const { produced, refused, buffered, waiting, consumed } of simulate(day))
        expect(Math.abs(produced - refused - buffered - waiting - consumed)).toBeLessThan(1e-3 + produced * 1e-9);
  });

  it('that fits has no lag, throttles nothing and refuses nothing', () => {
    expect(summarize(simulate(calm), 0)).toEqual({
      ...{ produced: 1_200_000, consumed: 1_200_000, refused: 0, throttledGb: 0, mostLagSeconds: 0, caughtUpSeconds: 0, shards: [2, 2] },
    });
  });

  it('falls behind while consumers fail, and catches up with what its shards can give beyond what comes', () => {
    // A shard gives a reader 1 MiB a second, which is what it takes: one that is half full catches up in as long as it was out.
    const load = flat(1200, 1024 ** 2 / 500);
    const { mostLagSeconds, caughtUpSeconds, consumed, produced } = summarize(simulate({ ...calm, load, outage: [300, 400] }), 400);
    expect([mostLagSeconds, Math.round((caughtUpSeconds ?? 0) / 10)]).toEqual([99, 10]);
    expect(consumed).toBeCloseTo(produced, 3);
  });

  it('whose consumers are no faster than what comes never catches up', () => {
    const { caughtUpSeconds, mostLagSeconds } = summarize(simulate({ ...calm, consumed: 500, outage: [300, 400] }), 400);
    expect([caughtUpSeconds, mostLagSeconds]).toEqual([undefined, 99]);
  });

  it('grows when there is more than it takes; until then producers hold what they can, and refuse the rest', () => {
    const load = [...flat(300, 1000), ...flat(900, 10_000)];
    const small = simulate({ ...calm, load });
    const { refused, shards } = summarize(small, 0);
    expect(shards).toEqual([2, 8]);
    const held = summarize(simulate({ ...calm, load, buffer: 1e9 }), 0);
    expect([refused > 0, held.refused]).toEqual([true, 0]);
    expect(held.consumed).toBeCloseTo(held.produced, 3);
  });

  it('is held up by one key when all others have room', () => {
    const load = flat(600, 3000);
    const { refused } = summarize(simulate({ ...calm, load, shards: 8, hot: 0.9 }), 0);
    expect(refused).toBeGreaterThan(0);
    expect(summarize(simulate({ ...calm, load, shards: 8, hot: 0.1 }), 0).refused).toBe(0);
  });

  it('sends what one key was refused to the shard of that key again, and to no other', () => {
    // Half of 5,000 events, and an eighth of the rest, for a shard that takes 1 MiB in events of 500 bytes.
    const day = { ...calm, load: flat(300, 5000), records: 0, shards: 8, hot: 0.5, buffer: 1e12, mode: 'provisioned' } as const;
    const held = 300 * (5000 * (0.5 + 0.5 / 8) - 1024 ** 2 / 500);
    expect(simulate(day).at(-1)?.buffered).toBeCloseTo(held, 3);
  });

  it('is as late as its latest shard', () => {
    // For a minute nothing is consumed; the hot shard takes as much as a reader may read, and stays a minute behind.
    const day = { ...calm, load: flat(600, 10_000), records: 0, shards: 8, hot: 0.4, outage: [300, 360] } as const;
    expect(simulate(day).at(-1)?.lag).toBe(59);
  });

  it('on demand takes twice its peak at once, and more only a quarter of an hour later', () => {
    const load = [...flat(1800, 20_000), ...flat(1800, 60_000)];
    const seconds = simulate({ ...calm, mode: 'on-demand', shards: 4, load: flat(2700, 8000).concat(load) });
    const throttled = seconds.findIndex((second) => second.throttled > 0);
    expect(throttled).toBe(2700);
    const settled = seconds.slice(2700 + 960, 2700 + 1800);
    expect(settled.every((second) => second.throttled === 0)).toBe(true);
  });
});

describe('a day of people', () => {
  it('has its peak in the evening, its rush after it, and the average that was asked for', () => {
    const load = dayOf({ rate: 1000, average: 0.6, rush: 1 });
    expect(load.indexOf(Math.max(...load))).toBe(20 * 3600);
    expect(load.reduce((sum, one) => sum + one, 0) / 86_400).toBeCloseTo(600, 0);
    expect(Math.max(...dayOf({ rate: 1000, average: 0.6, rush: 3 }))).toBeGreaterThan(2900);
  });

  it('can be looked at', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 8], 8)).toBe('▁▂▃▄▅▆▇█');
    const svg = toSvg(simulate(calm), calm.load);
    expect(svg.match(/<path d="M/g)).toHaveLength(8);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
