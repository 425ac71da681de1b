import type { Headers } from './fetch-origin.ts';
import { toExpression } from './path-pattern.ts';

/** An answer that is kept. */
export interface Entry {
  readonly distributionId: string;
  /** Path and query as the cache key has them. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly staleIfError: boolean;
}

/** The edge of all distributions: answers in memory, the longest unused leave first. */
export interface Cache {
  get(key: string): Entry | undefined;
  /** @param since what `invalidations` was when the origin was asked: what was invalidated meanwhile is not kept */
  put(key: string, entry: Entry, since: number): void;
  /** How many there have been. */
  invalidations(): number;
  /** Forgets what paths mean; `*` at the end stands for anything. @returns how many answers that were. */
  invalidate(distributionId: string, paths: readonly string[]): number;
  /** Asks for room for answers that are being collected; false when there is none. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

/** A larger answer passes through and is not kept. */
export const LARGEST_ENTRY = 64 * 1024 * 1024;
const ALL_BYTES = 256 * 1024 * 1024;
const COLLECTING_BYTES = 256 * 1024 * 1024;
const ENTRIES = 10_000;
/** Invalidations that are remembered for answers that are on their way. */
const RECENT = 100;
/** What an entry costs besides its body, roughly. */
const OVERHEAD = 2_048;

export function createCache(): Cache {
  const entries = new Map<string, Entry>();
  let size = 0;
  let collecting = 0;
  let count = 0;
  /** The last invalidations, the newest at the end. */
  const recent: ((entry: Entry) => boolean)[] = [];

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    size -= entry.body.length + OVERHEAD;
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      // The order of a map is that of insertion.
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    put(key, entry, since) {
      const missed = count - since;
      if (missed > recent.length || (missed > 0 && recent.slice(-missed).some((matches) => matches(entry)))) return;
      drop(key);
      entries.set(key, entry);
      size += entry.body.length + OVERHEAD;
      for (const oldest of entries.keys()) {
        if (size <= ALL_BYTES && entries.size <= ENTRIES) break;
        drop(oldest);
      }
    },
    invalidations: () => count,
    invalidate(distributionId, paths) {
      const expressions = paths.map((path) => toExpression(path.replaceAll('?', '\u0000')));
      const matches = (entry: Entry): boolean =>
        entry.distributionId === distributionId && expressions.some((expression) => expression.test(entry.path.replaceAll('?', '\u0000')));
      count += 1;
      recent.push(matches);
      if (recent.length > RECENT) recent.shift();
      const gone = [...entries].filter(([, entry]) => matches(entry));
      for (const [key] of gone) drop(key);
      return gone.length;
    },
    reserve(bytes) {
      if (collecting + bytes > COLLECTING_BYTES) return false;
      collecting += bytes;
      return true;
    },
    release: (bytes) => void (collecting -= bytes),
  };
}
