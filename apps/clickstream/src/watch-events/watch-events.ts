import type { StreamBatch } from '@larder/service/on-stream';
import type { pageEvents } from '@larder/contracts/clickstream/page-events';
import type { Rule } from '@larder/streaming/rules/rule';
import { type Alert, createWatch, type GatheredPane } from '@larder/streaming/rules/watch';
import type { Watched } from '../watches-table.ts';

export interface WatchEventsDeps {
  /** Rules that are judged here. */
  readonly visitorRules: readonly Rule[];
  /** Rules of which a shard has a part. */
  readonly shopRules: readonly Rule[];
  findWatch(shardId: string): Promise<Watched>;
  keepWatch(shardId: string, watched: Watched, now: Date): Promise<void>;
  raiseAlert(alert: Alert): Promise<void>;
  keepPane(pane: GatheredPane, shardId: string, sequenceNumber: string): Promise<void>;
  now(): Date;
}

/** Clocks of visitors differ by less, mostly. What is later counts when it comes. */
export const outOfOrderMs = 2000;

/**
 * Looks at what visitors do by rules. What is found is said before it is remembered that it was looked at: a batch that comes again finds the same again, under the same id.
 */
export function watchEvents({ visitorRules, shopRules, findWatch, keepWatch, raiseAlert, keepPane, now }: WatchEventsDeps) {
  const watch = createWatch({ rules: visitorRules, gathers: shopRules, outOfOrderMs, idleMs: Number.MAX_SAFE_INTEGER });
  return async ({ events, shardId, sequenceNumber }: StreamBatch<(typeof pageEvents)['records']>): Promise<void> => {
    const time = now();
    const before = await findWatch(shardId);
    // A clock that is ahead must not make all others late.
    const timed = events.map((event) => ({ event, at: Math.min(Date.parse(event.time), time.getTime()) }));
    const { state, alerts, panes } = watch(before.state, { events: timed, shardId, sequenceNumber }, time.getTime());
    if (state === before.state) return;
    for (const alert of alerts) await raiseAlert(alert);
    for (const pane of panes) await keepPane(pane, shardId, sequenceNumber);
    await keepWatch(shardId, { state, version: before.version + 1 }, time);
  };
}
