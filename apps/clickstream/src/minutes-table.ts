import { table } from '@larder/service/table';
import { type KeptMinute, minuteOf } from './minute.ts';

/** A minute of one shard, and up to where in the shard it has counted. */
export interface MinuteItem extends KeptMinute {
  readonly minute: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const minutes = table<MinuteItem>('Minutes');

const keptFor = 24 * 60 * 60;

export function findMinute(minute: string, shardId: string): Promise<MinuteItem | undefined> {
  return minutes.get({ minute, shardId }, { consistent: true });
}

/** @param before what was found; anything else meanwhile is a failure, and the batch comes again. @throws {ConditionFailed} */
export async function keepMinute(item: Omit<MinuteItem, 'expiresAt'>, before: MinuteItem | undefined): Promise<void> {
  const expiresAt = Math.floor(Date.parse(`${item.minute}:00Z`) / 1000) + keptFor;
  const unchanged = before
    ? { condition: 'sequenceNumber = :before', values: { ':before': before.sequenceNumber } }
    : { condition: 'attribute_not_exists(#minute)', names: { '#minute': 'minute' } };
  await minutes.put({ ...item, expiresAt }, unchanged);
}

/** A minute as all shards tell it. */
export function shardsOf(minute: string): Promise<MinuteItem[]> {
  return minutes.queryAll({ where: '#minute = :minute', names: { '#minute': 'minute' }, values: { ':minute': minute } });
}

/** The minutes up to one, the newest first. */
export function minutesUpTo(now: Date, number: number): string[] {
  return Array.from({ length: number }, (_, back) => minuteOf(new Date(now.getTime() - back * 60_000)));
}
