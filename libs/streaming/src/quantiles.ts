import { DDSketch } from '@datadog/sketches-js';

/** What is less than this, and not 0, would cost memory and tells nobody anything. */
const least = 1e-6;
const most = Number.MAX_SAFE_INTEGER;

/**
 * Quantiles of many numbers in little memory, each within 1 % of a number that really is at that place: a DDSketch, whose buckets grow by 2 %. Sketches add up, so that shards and minutes can be
 * counted apart. Numbers are limited so that there are at most 2,560 buckets.
 *
 * @see Masson, Rim, Lee: DDSketch (2019), https://arxiv.org/abs/1908.10693
 */
export class Quantiles {
  readonly #sketch: DDSketch;

  private constructor(sketch: DDSketch) {
    this.#sketch = sketch;
  }

  static create(): Quantiles {
    return new Quantiles(new DDSketch({ relativeAccuracy: 0.01 }));
  }

  /** @param bytes of {@link toBytes}. */
  static from(bytes: Uint8Array): Quantiles {
    return new Quantiles(DDSketch.fromProto(bytes));
  }

  /** How many numbers were added. */
  get count(): number {
    return this.#sketch.count;
  }

  /** @throws {RangeError} for what is neither 0 nor between 1e-6 and 2^53 - 1. */
  add(value: number): void {
    if (value !== 0 && !(value >= least && value <= most)) throw new RangeError(`${value} is not between ${least} and ${most}, and not 0`);
    this.#sketch.accept(value);
  }

  /** Adds all that another one has counted. */
  merge(other: Quantiles): void {
    this.#sketch.merge(other.#sketch);
  }

  /**
   * @param quantile from 0 to 1: 0.5 for the median.
   * @returns undefined when nothing was added.
   */
  at(quantile: number): number | undefined {
    if (!(quantile >= 0 && quantile <= 1)) throw new RangeError(`${quantile} is no quantile: from 0 to 1`);
    return this.count === 0 ? undefined : this.#sketch.getValueAtQuantile(quantile);
  }

  toBytes(): Uint8Array {
    return this.#sketch.toProto();
  }
}
