import { isLater } from './sequence-number.ts';
import { heard, noWatermark, type Watermark, type WatermarkOptions } from './watermark.ts';
import { type Shape, type Span, spansOf } from './window-shapes.ts';

/** How the events of a window become one value, which has to be plain data. None of the functions changes what it is given. */
export interface Aggregate<Event, Sum> {
  readonly none: Sum;
  add(sum: Sum, event: Event): Sum;
  merge(one: Sum, other: Sum): Sum;
}

export interface WindowOptions<Event, Sum> extends WatermarkOptions {
  readonly shape: Shape;
  readonly aggregate: Aggregate<Event, Sum>;
  keyOf(event: Event): string;
  /** When it happened, in milliseconds. */
  timeOf(event: Event): number;
  /** So long after its end a window still takes events, and is told again, corrected. With 0 late events are dropped and counted. */
  readonly correctForMs: number;
  /** Windows that may be open at once: what would open one more is refused and counted. */
  readonly mostOpen: number;
}

/** A window from a moment, included, to another, not included. */
export interface Window<Sum> {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly sum: Sum;
  /** 0 when it is told for the first time; each correction counts one more. */
  readonly revision: number;
  /** Sessions that were told before a late event joined them to this one: they are no more. */
  readonly replaces: readonly Span[];
}

interface Open<Sum> extends Window<Sum> {
  /** Whether it differs from what was told of it last. */
  readonly untold: boolean;
}

/** All that is remembered between two batches. Plain data, to be kept in the same write as what is made of the results. */
export interface WindowState<Sum> {
  readonly watermark: Watermark;
  readonly open: readonly Open<Sum>[];
  /** Up to where each shard has been taken. */
  readonly taken: Readonly<Record<string, string>>;
  /** Places in windows that were over when an event came, and that there was no room for. */
  readonly late: number;
  readonly refused: number;
}

/** Events of one shard, in its order. */
export interface WindowBatch<Event> {
  readonly events: readonly Event[];
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** How far the shard has come, where that is known without an event: time passes by this when nothing happens. What the shard says later is from then on, within {@link WatermarkOptions.outOfOrderMs}. */
  readonly reached?: number;
}

export const noWindows: WindowState<never> = { watermark: noWatermark, open: [], taken: {}, late: 0, refused: 0 };

/**
 * Windows by event time. A batch is taken against the watermark that was there before it, then moves the watermark, and the windows that are over are told. Without events nothing is over: who
 * wants to hear of the last window of a quiet evening tells how far the shard has `reached`. A batch that was taken before changes nothing: whoever keeps the state and the results in one write has each result exactly once.
 */
export const createWindows =
  <Event, Sum>(options: WindowOptions<Event, Sum>) =>
  (
    state: WindowState<Sum>,
    { events, shardId, sequenceNumber, reached = 0 }: WindowBatch<Event>,
    now: number,
  ): { readonly state: WindowState<Sum>; readonly results: readonly Window<Sum>[] } => {
    if (!isLater(sequenceNumber, state.taken[shardId] ?? '')) return { state, results: [] };
    const { shape, keyOf, timeOf, correctForMs } = options;
    const windows = createOpenWindows(state.open);
    let [late, refused, newest] = [state.late, state.refused, reached];
    for (const event of events) {
      const [key, time] = [keyOf(event), timeOf(event)];
      newest = Math.max(newest, time);
      for (const span of spansOf(shape, time)) {
        const met = windows.meeting(key, span, shape);
        if (met.length === 0 && span.to + correctForMs <= state.watermark.at) late += 1;
        else if (met.length === 0 && windows.size() >= options.mostOpen) refused += 1;
        else windows.replace(met, joined(options.aggregate, key, span, met, event));
      }
    }
    const watermark = newest > 0 ? heard(state.watermark, shardId, newest, now, options) : state.watermark;
    const [open, results]: [Open<Sum>[], Window<Sum>[]] = [[], []];
    for (const window of windows.all()) {
      const { untold, ...told } = window;
      const over = window.to <= watermark.at;
      if (over && untold) results.push(told);
      if (!over) open.push(window);
      else if (window.to + correctForMs > watermark.at)
        open.push(untold ? { ...told, revision: told.revision + 1, replaces: [], untold: false } : window);
    }
    return { state: { watermark, open, taken: { ...state.taken, [shardId]: sequenceNumber }, late, refused }, results };
  };

/** What becomes of the windows that an event meets. */
function joined<Event, Sum>(
  { none, merge, add }: Aggregate<Event, Sum>,
  key: string,
  span: Span,
  met: readonly Open<Sum>[],
  event: Event,
): Open<Sum> {
  const from = Math.min(span.from, ...met.map((open) => open.from));
  const to = Math.max(span.to, ...met.map((open) => open.to));
  const moved = met.filter((open) => open.revision > 0 && (open.from !== from || open.to !== to));
  return {
    ...{ key, from, to },
    sum: add(met.map(({ sum }) => sum).reduce(merge, none), event),
    revision: Math.max(0, ...met.map(({ revision }) => revision)),
    replaces: [...met.flatMap(({ replaces }) => replaces), ...moved.map((open) => ({ from: open.from, to: open.to }))],
    untold: true,
  };
}

/** The open windows by key and by where they begin. */
function createOpenWindows<Sum>(open: readonly Open<Sum>[]) {
  const keys = new Map<string, Map<number, Open<Sum>>>();
  let size = 0;
  const put = (window: Open<Sum>): void => {
    const ofKey = keys.get(window.key) ?? new Map<number, Open<Sum>>();
    keys.set(window.key, ofKey.set(window.from, window));
    size += 1;
  };
  open.forEach(put);
  return {
    size: () => size,
    all: () => [...keys.values()].flatMap((ofKey) => [...ofKey.values()]),
    /** Those that an event with this span belongs to: sessions that it touches, or the one window of this span. */
    meeting(key: string, span: Span, { kind }: Shape): Open<Sum>[] {
      const ofKey = keys.get(key);
      if (!ofKey) return [];
      if (kind === 'session') return [...ofKey.values()].filter(({ from, to }) => from < span.to && span.from < to);
      const same = ofKey.get(span.from);
      return same ? [same] : [];
    },
    replace(met: readonly Open<Sum>[], by: Open<Sum>): void {
      for (const { key, from } of met) if (keys.get(key)?.delete(from)) size -= 1;
      put(by);
    },
  };
}
