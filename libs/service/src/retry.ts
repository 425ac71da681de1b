/** What retrying needs of the world: handed in, so that a test needs no clock. */
export interface Timing {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/**
 * Exponential backoff with full jitter: anything from 0 to `base · 2^attempt`, at most `most`, in the unit of `base`.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter(attempt: number, base: number, most: number, random: number): number {
  return random * Math.min(most, base * 2 ** attempt);
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds, as {@link fullJitter} takes them. */
  readonly base: number;
  readonly most: number;
  /** Milliseconds for everything. A wait that would not fit is not begun. */
  readonly within: number;
  readonly retryable: (error: unknown) => boolean;
}

/**
 * Does `work` until it succeeds, fails for good, or time or attempts run out; then the last error is thrown.
 *
 * @param work is given the milliseconds that are left.
 */
export async function retrying<Result>(policy: RetryPolicy, timing: Timing, work: (left: number) => Promise<Result>): Promise<Result> {
  const end = timing.now() + policy.within;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(Math.max(1, end - timing.now()));
    } catch (error) {
      if (attempt >= policy.attempts || !policy.retryable(error)) throw error;
      const wait = fullJitter(attempt, policy.base, policy.most, timing.random());
      if (timing.now() + wait >= end) throw error;
      await timing.sleep(wait);
    }
  }
}
