import { onDemandLeast, reshards, shard } from './limits.ts';

/** A day to be simulated, second by second. Load is in bytes as they go into the stream, and in records. */
export interface Day {
  /** Events that come in each second of the day. */
  readonly load: readonly number[];
  /** Bytes of an event as it travels. */
  readonly bytes: number;
  /** Records for each event. */
  readonly records: number;
  /** The share of all events that have one key, and so one shard. */
  readonly hot: number;
  readonly mode: 'provisioned' | 'on-demand';
  /** Shards at midnight; on demand: what it takes at midnight, in shards. */
  readonly shards: number;
  /** Consumers of the stream that read it side by side. */
  readonly readers: number;
  /** Events a second that one consumer works through for one shard. */
  readonly consumed: number;
  /** Seconds in which no consumer works. */
  readonly outage: readonly [from: number, to: number];
  /** Bytes that producers hold at most. What comes then is refused, and told so. */
  readonly buffer: number;
}

export interface Second {
  readonly shards: number;
  /** Events; since midnight, as all that follow. */
  readonly produced: number;
  readonly refused: number;
  readonly buffered: number;
  readonly consumed: number;
  readonly waiting: number;
  /** Bytes that the stream refused in this second, and producers sent again. */
  readonly throttled: number;
  /** How old the oldest event is that is not consumed, in seconds: of the shard that is furthest behind. */
  readonly lag: number;
}

/** Seconds over which load is looked at before a stream is made larger, and until it is. */
const scaling = { look: 60, takes: 60 } as const;
/** On demand, what came in the last quarter of an hour does not yet count as a peak. */
const settling = 900;

/**
 * A day of a stream. Two shards stand for all: the one with the hot key, and one of the others. Events are neither made nor lost: what was produced is refused, held by producers, waiting in the
 * stream, or consumed.
 */
export function simulate(day: Day): Second[] {
  const { load, bytes, records, hot, mode, readers, outage, buffer } = day;
  const perEvent = Math.max(bytes / shard.bytesIn, records / shard.recordsIn);
  let shards = day.shards;
  let pending: { readonly at: number; readonly shards: number } | undefined;
  let made = 0;
  /** Of the hot shard, and of all others together. */
  const parts = [0, 1].map(() => ({ buffered: 0, waiting: 0, consumed: 0, accepted: 0, acceptedUntil: [] as number[], oldest: 0 }));
  const sum = { produced: 0, refused: 0, consumed: 0 };
  const taken: number[] = [];
  const history: Second[] = [];
  let [peak, spread] = [0, day.shards];

  for (const [second, events] of load.entries()) {
    if (pending && second >= pending.at) [shards, pending] = [pending.shards, undefined];
    if (mode === 'on-demand') {
      peak = Math.max(peak, taken[second - settling - 1] ?? 0);
      shards = Math.max(shards, Math.ceil((2 * peak * bytes) / shard.bytesIn), onDemandLeast / shard.bytesIn);
    } else if (!pending && made < reshards.aDay && second % scaling.look === 0 && second > 0) {
      const recent = taken.slice(-scaling.look);
      const used = ((recent.reduce((all, one) => all + one, 0) / recent.length) * perEvent) / shards;
      const wanted = used > 0.7 ? Math.min(shards * reshards.factor, Math.ceil((shards * used) / 0.5)) : shards;
      if (wanted > shards) [pending, made] = [{ at: second + scaling.takes, shards: wanted }, made + 1];
    }
    sum.produced += events;
    let [throttled, took] = [0, 0];
    const shareOf = (place: number): number => (place === 0 ? hot + (1 - hot) / shards : (1 - hot) * (1 - 1 / shards));
    if (shards !== spread) {
      // More shards: what producers hold is for others now.
      const held = parts.reduce((all, part) => all + part.buffered, 0);
      for (const [place, part] of parts.entries()) part.buffered = held * shareOf(place);
      spread = shards;
    }
    for (const [place, part] of parts.entries()) {
      const share = shareOf(place);
      const of = place === 0 ? 1 : shards - 1;
      const offered = events * share + part.buffered;
      const fits = Math.min(offered, of / perEvent);
      const held = Math.min(offered - fits, (buffer / bytes) * share);
      sum.refused += offered - fits - held;
      throttled += (offered - fits) * bytes;
      part.buffered = held;
      part.waiting += fits;
      took += fits;
      part.accepted += fits;
      part.acceptedUntil.push(part.accepted);
      if (second < outage[0] || second >= outage[1]) {
        const done = Math.min(part.waiting, of * Math.min(day.consumed, shard.bytesOut / readers / bytes));
        part.waiting -= done;
        part.consumed += done;
        sum.consumed += done;
      }
      while (part.oldest < second && (part.acceptedUntil[part.oldest] ?? 0) <= part.consumed + 0.5) part.oldest += 1;
    }
    taken.push(took);
    const waiting = parts.reduce((all, part) => all + part.waiting, 0);
    const buffered = parts.reduce((all, part) => all + part.buffered, 0);
    history.push({
      shards,
      ...sum,
      buffered,
      waiting,
      throttled,
      lag: Math.max(...parts.map((part) => (part.waiting < 1 ? 0 : second - part.oldest))),
    });
  }
  return history;
}

/** A day of a shop or a messenger: a wave with its peak in the evening, and a rush of minutes at nine. @returns events of each second. */
export function dayOf({ rate, average, rush }: { readonly rate: number; readonly average: number; readonly rush: number }): number[] {
  const low = Math.max(0, 2 * average - 1);
  const evening = 20 * 3600;
  const [from, to] = [21 * 3600, 21 * 3600 + 600];
  return Array.from({ length: 86_400 }, (_, second) => {
    const wave = low + ((1 - low) * (1 + Math.cos(((second - evening) / 86_400) * 2 * Math.PI))) / 2;
    return rate * wave * (second >= from && second < to ? rush : 1);
  });
}

export interface DaySummary {
  readonly produced: number;
  readonly consumed: number;
  /** Not taken: the stream and the producers' memory were full. */
  readonly refused: number;
  readonly throttledGb: number;
  readonly mostLagSeconds: number;
  /** From the end of the outage until nothing is late. */
  readonly caughtUpSeconds: number | undefined;
  readonly shards: readonly [first: number, most: number];
}

export function summarize(history: readonly Second[], outageEnd: number): DaySummary {
  const last = history.at(-1);
  const most = (of: (second: Second) => number): number => history.reduce((high, second) => Math.max(high, of(second)), 0);
  const caughtUp = history.findIndex(({ lag }, second) => second >= outageEnd && lag <= 1);
  return {
    ...{ produced: last?.produced ?? 0, consumed: last?.consumed ?? 0, refused: last?.refused ?? 0 },
    throttledGb: history.reduce((sum, { throttled }) => sum + throttled, 0) / 1024 ** 3,
    mostLagSeconds: most(({ lag }) => lag),
    caughtUpSeconds: caughtUp < 0 ? undefined : caughtUp - outageEnd,
    shards: [history[0]?.shards ?? 0, most(({ shards }) => shards)],
  };
}
