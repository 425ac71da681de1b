import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends on nothing but its arguments, so that a seed gives the same schedule whatever the threads do.
 */
export function chance(seed: number, ...of: readonly (string | number)[]): number {
  return (
    createHash('sha256')
      .update(JSON.stringify([seed, ...of]))
      .digest()
      .readUInt32BE() /
    2 ** 32
  );
}

/** One of several, by {@link chance}. */
export function pick<T>(from: readonly [T, ...T[]], seed: number, ...of: readonly (string | number)[]): T {
  return from[Math.floor(chance(seed, ...of) * from.length)] as T;
}
