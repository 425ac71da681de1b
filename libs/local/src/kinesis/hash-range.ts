import { createHash } from 'node:crypto';

/** The keys of a shard, both ends included: of 128 bits, as MD5 spreads partition keys over them. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** One more than the largest key. */
const keys = 1n << 128n;

export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

/** Ranges of one size, as many as there are to be shards. */
export function evenly(shards: number): HashRange[] {
  const bound = (place: number) => (keys * BigInt(place)) / BigInt(shards);
  return Array.from({ length: shards }, (_, place) => ({ start: bound(place), end: bound(place + 1) - 1n }));
}

export function holds({ start, end }: HashRange, key: bigint): boolean {
  return key >= start && key <= end;
}
