import type { pageEvents } from '@larder/contracts/clickstream/page-events';
import type { StreamBatch } from '@larder/service/on-stream';
import { isLater } from '@larder/streaming/sequence-number';
import { addTo, count, emptyMinute, fromKept, type Minute, minuteOf, toKept } from '../minute.ts';
import type { MinuteItem } from '../minutes-table.ts';

export interface CountEventsDeps {
  findMinute(minute: string, shardId: string): Promise<MinuteItem | undefined>;
  /** @throws when the minute is not any more what was found. */
  keepMinute(item: Omit<MinuteItem, 'expiresAt'>, before: MinuteItem | undefined): Promise<void>;
  now(): Date;
}

/**
 * Counts events in the minute in which they happened. A minute of a shard remembers up to where in the shard it has counted, in the same write: a batch that comes again, whole or in parts, after
 * some of its minutes were counted, is counted in the others only.
 */
export const countEvents =
  (deps: CountEventsDeps) =>
  async ({ events, duplicates, shardId, sequenceNumber }: StreamBatch<(typeof pageEvents)['records']>): Promise<void> => {
    const now = deps.now();
    const counted = new Map<string, Minute>();
    const of = (minute: string): Minute => {
      const known = counted.get(minute) ?? emptyMinute();
      counted.set(minute, known);
      return known;
    };
    for (const event of events) count(of(minuteOf(event.time)), event, now.getTime());
    if (duplicates > 0) of(minuteOf(now)).duplicates += duplicates;
    for (const [minute, more] of counted) {
      const before = await deps.findMinute(minute, shardId);
      if (before && !isLater(sequenceNumber, before.sequenceNumber)) continue;
      const sum = before ? fromKept(before) : emptyMinute();
      addTo(sum, more);
      await deps.keepMinute({ minute, shardId, sequenceNumber, ...toKept(sum) }, before);
    }
  };
