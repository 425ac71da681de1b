import { CountMin } from './count-min.ts';
import { HyperLogLog } from './hyperloglog.ts';

const seen = (from: number, to: number): HyperLogLog => {
  const sketch = HyperLogLog.create();
  for (let at = from; at < to; at += 1) sketch.add(`visitor-${at}`);
  return sketch;
};

describe('how many different texts there were', () => {
  /** Three standard errors of 0.81 %: of ten sketches not one is beyond. */
  it.each([0, 1, 10, 100, 1000, 20_000, 100_000, 300_000])('is told within theory: %d', (count) => {
    expect(Math.abs(seen(0, count).count() - count)).toBeLessThanOrEqual(Math.max(1, count * 0.0244));
  });

  it('does not depend on how often they came', () => {
    const twice = seen(0, 5000);
    twice.merge(seen(0, 5000));
    for (let at = 0; at < 5000; at += 1) twice.add(`visitor-${at}`);
    expect(twice.count()).toBe(seen(0, 5000).count());
  });

  it('is the same whether one saw all of them, or several a part each', () => {
    const [whole, left, right] = [seen(0, 90_000), seen(0, 60_000), seen(30_000, 90_000)];
    left.merge(right);
    expect(left.count()).toBe(whole.count());
    expect(HyperLogLog.from(left.toBytes()).count()).toBe(whole.count());
    expect(() => HyperLogLog.from(new Uint8Array(3))).toThrow(RangeError);
  });
});

/** Few texts come often, and many hardly ever: 1 / rank. */
function zipf(texts: number, total: number): Map<string, number> {
  const weights = Array.from({ length: texts }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  return new Map(weights.map((weight, rank) => [`product-${rank}`, Math.max(1, Math.round((total * weight) / sum))]));
}

describe('how often texts came', () => {
  const truth = zipf(5000, 200_000);
  const count = (part: (at: number) => boolean): CountMin => {
    const sketch = new CountMin({ most: 20 });
    for (let round = 0, more = true; more; round += 1) {
      more = false;
      let at = 0;
      // All of them by turns: the frequent ones do not come first.
      for (const [text, times] of truth) {
        at += 1;
        if (round >= Math.ceil(times / 50)) continue;
        more = true;
        if (part(at + round)) sketch.add(text, Math.min(50, times - round * 50));
      }
    }
    return sketch;
  };
  const whole = count(() => true);

  it('is never told too small, and too large by more than its bound for hardly any', () => {
    const bound = (2 / 4096) * whole.total;
    let beyond = 0;
    for (const [text, times] of truth) {
      expect(whole.count(text)).toBeGreaterThanOrEqual(times);
      if (whole.count(text) - times > bound) beyond += 1;
    }
    expect(beyond / truth.size).toBeLessThan(2 ** -4);
  });

  it('finds those that came most often', () => {
    expect(whole.top().map(({ text }) => text)).toEqual([...truth.keys()].slice(0, 20));
    expect(whole.count('never')).toBeLessThanOrEqual((2 / 4096) * whole.total);
  });

  it('is told by several that saw a part each, as by one', () => {
    const [left, right] = [count((at) => at % 2 === 0), count((at) => at % 2 === 1)];
    left.merge(right);
    expect(left.total).toBe(whole.total);
    expect(left.top().map(({ text }) => text).slice(0, 10)).toEqual([...truth.keys()].slice(0, 10)); // prettier-ignore
    for (const [text, times] of truth) expect(left.count(text)).toBeGreaterThanOrEqual(times);
    expect(() => left.merge(new CountMin({ widthBits: 8 }))).toThrow(RangeError);
  });
});
