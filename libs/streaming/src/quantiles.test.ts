import fc from 'fast-check';
import { Quantiles } from './quantiles.ts';

const values = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.integer({ min: 1, max: 5000 })), {
  minLength: 1,
  maxLength: 300,
});

function of(numbers: readonly number[]): Quantiles {
  const sketch = Quantiles.create();
  for (const number of numbers) sketch.add(number);
  return sketch;
}

/** The paper's promise: within 1 % of the number at this place. */
function expectWithinTheory(sketch: Quantiles, numbers: readonly number[]): void {
  const sorted = numbers.toSorted((a, b) => a - b);
  for (const quantile of [0, 0.01, 0.5, 0.95, 0.99, 1]) {
    const exact = sorted[Math.floor(quantile * (sorted.length - 1))] ?? NaN;
    expect(Math.abs((sketch.at(quantile) ?? NaN) - exact)).toBeLessThanOrEqual(0.01 * exact * (1 + 1e-9));
  }
}

describe('quantiles', () => {
  it('are within 1 % of the number at their place', () => {
    fc.assert(fc.property(values, (numbers) => expectWithinTheory(of(numbers), numbers)));
  });

  it('are those of all numbers when sketches are added, also when they were kept as bytes', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const sketch = Quantiles.from(of(some).toBytes());
        sketch.merge(Quantiles.from(of(others).toBytes()));
        expect(sketch.count).toBe(some.length + others.length);
        expectWithinTheory(sketch, [...some, ...others]);
      }),
    );
  });

  it('of nothing are unknown', () => {
    expect(Quantiles.create().at(0.5)).toBeUndefined();
    expect(Quantiles.from(Quantiles.create().toBytes()).at(0.5)).toBeUndefined();
  });

  it('take little room, whatever the numbers', () => {
    const sketch = of([1e-6, Number.MAX_SAFE_INTEGER]);
    expect(sketch.toBytes().byteLength).toBeLessThan(32_000);
  });

  it.each([NaN, -1, Infinity, 1e-7, 2 ** 60])('refuse %d', (value) => {
    expect(() => Quantiles.create().add(value)).toThrow(RangeError);
  });

  it.each([-0.1, 1.1, NaN])('are from 0 to 1, and not at %d', (quantile) => {
    expect(() => of([1]).at(quantile)).toThrow(RangeError);
  });
});
