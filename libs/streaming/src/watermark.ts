/** How far event time has come. All times in milliseconds since 1970. Plain data. */
export interface Watermark {
  /** What is older is late. It never goes back. */
  readonly at: number;
  readonly sources: Readonly<Record<string, { readonly newest: number; readonly heardAt: number }>>;
}

export interface WatermarkOptions {
  /** So far the events of one source may be out of order without being late. */
  readonly outOfOrderMs: number;
  /** A source that says nothing for so long holds nobody up any more. */
  readonly idleMs: number;
}

export const noWatermark: Watermark = { at: 0, sources: {} };

/**
 * Hears of the newest event of a source (a shard). The watermark is that of the slowest source that still speaks; those that fell silent are forgotten.
 *
 * @param newest when the newest of its events happened.
 * @param now the clock of who counts, for {@link WatermarkOptions.idleMs} alone.
 * @see Akidau et al.: The Dataflow Model (2015), https://research.google/pubs/pub43864/
 */
export function heard(
  { at, sources }: Watermark,
  source: string,
  newest: number,
  now: number,
  { outOfOrderMs, idleMs }: WatermarkOptions,
): Watermark {
  const all = { ...sources, [source]: { newest: Math.max(newest, sources[source]?.newest ?? 0), heardAt: now } };
  const speaking = Object.entries(all).filter(([, { heardAt }]) => now - heardAt <= idleMs);
  const slowest = Math.min(...speaking.map(([, one]) => one.newest));
  return { at: Math.max(at, slowest - outOfOrderMs), sources: Object.fromEntries(speaking) };
}
