import { gunzipSync, gzipSync } from 'node:zlib';
import type { StreamEvent } from '@larder/contracts';
import type { pageEvents } from '@larder/contracts/clickstream/page-events';
import { HyperLogLog } from '@larder/streaming/hyperloglog';
import { Quantiles } from '@larder/streaming/quantiles';

export type PageEvent = StreamEvent<(typeof pageEvents)['records']>;

/** What happened in a minute, as far as one shard tells it; several add up to one. */
export interface Minute {
  events: number;
  duplicates: number;
  late: number;
  ordered: number;
  confirmed: number;
  /** When the newest of its events happened. */
  newest: string;
  /** Sessions that did something, that viewed a product, that put something into their basket. */
  readonly visitors: HyperLogLog;
  readonly viewers: HyperLogLog;
  readonly baskets: HyperLogLog;
  readonly views: Map<string, number>;
  /** In cents, by currency. */
  readonly revenue: Map<string, number>;
  /** Milliseconds from placed to confirmed. */
  readonly confirmations: Quantiles;
}

/** A minute as it is kept. */
export type KeptMinute = Pick<Minute, 'events' | 'duplicates' | 'late' | 'ordered' | 'confirmed' | 'newest'> & {
  readonly visitors: Uint8Array;
  readonly viewers: Uint8Array;
  readonly baskets: Uint8Array;
  readonly views: Readonly<Record<string, number>>;
  readonly revenue: Readonly<Record<string, number>>;
  readonly confirmations: Uint8Array;
};

/** Names of products that are kept, the most viewed first: a minute of one shard stays small whatever is sent. */
const mostProducts = 1000;

/** An event that comes more than a minute after it happened. */
const lateAfter = 60_000;

export function emptyMinute(): Minute {
  return {
    ...{ events: 0, duplicates: 0, late: 0, ordered: 0, confirmed: 0, newest: '' },
    ...{ visitors: HyperLogLog.create(), viewers: HyperLogLog.create(), baskets: HyperLogLog.create() },
    ...{ views: new Map(), revenue: new Map(), confirmations: Quantiles.create() },
  };
}

/** The minute that an event happened in: `2026-11-02T09:30`. */
export function minuteOf(time: string | Date): string {
  return new Date(time).toISOString().slice(0, 16);
}

/** @param now when it is counted. */
export function count(minute: Minute, event: PageEvent, now: number): void {
  minute.events += 1;
  if (event.time > minute.newest) minute.newest = event.time;
  if (now - Date.parse(event.time) > lateAfter) minute.late += 1;
  if ('sessionId' in event) minute.visitors.add(event.sessionId);
  switch (event.type) {
    case 'product.viewed':
      minute.viewers.add(event.sessionId);
      add(minute.views, event.productId, 1);
      break;
    case 'basket.added':
      minute.baskets.add(event.sessionId);
      break;
    case 'order.placed':
      minute.ordered += 1;
      break;
    case 'order.confirmed':
      minute.confirmed += 1;
      add(minute.revenue, event.total.currency, event.total.amount);
      if (event.milliseconds !== undefined) minute.confirmations.add(event.milliseconds);
      break;
  }
}

/** Adds what another minute, or another shard, has counted. */
export function addTo(minute: Minute, other: Minute): void {
  for (const name of ['events', 'duplicates', 'late', 'ordered', 'confirmed'] as const) minute[name] += other[name];
  for (const name of ['visitors', 'viewers', 'baskets'] as const) minute[name].merge(other[name]);
  for (const [productId, views] of other.views) add(minute.views, productId, views);
  for (const [currency, amount] of other.revenue) add(minute.revenue, currency, amount);
  minute.confirmations.merge(other.confirmations);
  if (other.newest > minute.newest) minute.newest = other.newest;
}

export function toKept(minute: Minute): KeptMinute {
  const { visitors, viewers, baskets, views, revenue, confirmations, ...counts } = minute;
  const top = [...views].toSorted(([, a], [, b]) => b - a).slice(0, mostProducts);
  return {
    ...counts,
    ...{ visitors: packed(visitors), viewers: packed(viewers), baskets: packed(baskets) },
    ...{ views: Object.fromEntries(top), revenue: Object.fromEntries(revenue) },
    confirmations: packed(confirmations),
  };
}

export function fromKept({ visitors, viewers, baskets, views, revenue, confirmations, ...counts }: KeptMinute): Minute {
  return {
    ...counts,
    ...{ visitors: toVisitors(visitors), viewers: toVisitors(viewers), baskets: toVisitors(baskets) },
    ...{
      views: new Map(Object.entries(views)),
      revenue: new Map(Object.entries(revenue)),
      confirmations: Quantiles.from(unpacked(confirmations)),
    },
  };
}

/** Most registers are empty in a minute: of 16 KB some hundred bytes are left. */
function packed(sketch: HyperLogLog | Quantiles): Uint8Array {
  return gzipSync(sketch.toBytes(), { level: 1 });
}

function unpacked(bytes: Uint8Array): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: 64 * 1024 });
}

function toVisitors(bytes: Uint8Array): HyperLogLog {
  return HyperLogLog.from(unpacked(bytes));
}

function add(counts: Map<string, number>, name: string, number: number): void {
  counts.set(name, (counts.get(name) ?? 0) + number);
}
