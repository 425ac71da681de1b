import { aggregated, framed, frontDoor, oneByOne, type Workload } from './designs.ts';
import { shardsFor } from './limits.ts';
import { frameRatio } from './measured.ts';

const messenger: Workload = { rate: 300_000, size: 200, average: 0.48, batch: 1000, window: 1 };
const lineOf = (design: { lines: readonly { what: string; usd: number }[] }, what: string) =>
  design.lines.filter((one) => one.what === what).reduce((sum, { usd }) => sum + usd, 0);

describe('the shards of a messenger with a billion users', () => {
  it('are 300 one by one, for their number; 68 as aggregates and 13 as frames, for their bytes', () => {
    expect([oneByOne(messenger).shards, aggregated(messenger).shards, framed(messenger).shards]).toEqual([300, 68, 13]);
  });

  it('are one at least, and follow what is more: records or bytes', () => {
    expect([shardsFor(1, 1), shardsFor(1001, 1), shardsFor(1, 1024 ** 2 + 1), shardsFor(5000, 3 * 1024 ** 2)]).toEqual([1, 2, 2, 5]);
  });
});

describe('the bill', () => {
  it('is what one works out by hand', () => {
    const second: Workload = { rate: 1_000_000 / 86_400, size: 1024, average: 1, batch: 1, window: 1 };
    const design = oneByOne(second);
    // 30 million events: 30 M writes at 0.625; 5 KB each for Firehose; one shard for 720 hours and 30 M units.
    expect(lineOf(design, 'DynamoDB: a write an event')).toBeCloseTo(18.75, 6);
    expect(lineOf(design, 'Firehose')).toBeCloseTo(((30e6 * 5120) / 1024 ** 3) * 0.029, 6);
    expect(lineOf(design, 'Kinesis: shards')).toBeCloseTo(10.8, 6);
    expect(lineOf(design, 'Kinesis: records')).toBeCloseTo(0.42, 6);
    expect(design.usd).toBeCloseTo(
      design.lines.reduce((sum, { usd }) => sum + usd, 0),
      6,
    );
  });

  it('takes the cheaper kind of stream', () => {
    const rare: Workload = { rate: 500_000, size: 200, average: 0.01, batch: 1000, window: 1 };
    expect(framed(rare).lines.some(({ of }) => of === 'onDemandIn')).toBe(true);
    expect(framed(messenger).lines.some(({ of }) => of === 'shardHour')).toBe(true);
  });

  it('is smaller the more events travel together, and never falls when there are more of them', () => {
    const bill = (batch: number) => framed({ ...messenger, batch }).usd;
    expect([bill(20) < bill(1), bill(1000) < bill(20)]).toEqual([true, true]);
    const rates = [1000, 10_000, 100_000, 300_000].map((rate) => framed({ ...messenger, rate }).usd);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(framed(messenger).usd * 10).toBeLessThan(oneByOne(messenger).usd);
  });

  it('has requests beyond 300 million a month at their own price', () => {
    const [within, beyond] = frontDoor({ ...messenger, batch: 10 });
    expect([within?.units, within?.usd]).toEqual([300, 300]);
    expect(beyond?.usd).toBeCloseTo(((300_000 * 0.48 * 2_592_000) / 10 / 1e6 - 300) * 0.9, 6);
  });
});

test('a frame of a size that was not measured lies between those that were', () => {
  expect([frameRatio(1), frameRatio(1000), frameRatio(5000)]).toEqual([1.005, 0.215, 0.215]);
  expect(frameRatio(50)).toBeLessThan(frameRatio(20));
  expect(frameRatio(50)).toBeGreaterThan(frameRatio(100));
});
