import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { WatchState } from '@larder/streaming/rules/watch';
import { halved, noWatch } from '@larder/streaming/rules/watch';
import { table } from '@larder/service/table';

/** What a shard, or the shop as a whole, remembers between two batches. */
interface WatchItem {
  readonly watchId: string;
  /** JSON, compressed. */
  readonly state: Uint8Array;
  readonly version: number;
  readonly takenPanes?: readonly string[] | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export interface Watched {
  readonly state: WatchState;
  /** Counts the changes. */
  readonly version: number;
  /** What shards had gathered and is in the state. */
  readonly takenPanes?: readonly string[] | undefined;
}

const watches = table<WatchItem>('Watches');

/** An item has 400 KB at most. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const mostBytes = 350_000;
/** Longer than any window; shards that are closed are forgotten. */
const keptFor = 48 * 60 * 60;

export async function findWatch(watchId: string): Promise<Watched> {
  const item = await watches.get({ watchId }, { consistent: true });
  if (!item) return { state: noWatch, version: 0 };
  return {
    state: JSON.parse(zstdDecompressSync(item.state).toString('utf8')) as WatchState,
    version: item.version,
    takenPanes: item.takenPanes,
  };
}

/** When it does not fit, the keys that are least likely to be found are forgotten. @throws {ConditionFailed} when somebody else was faster. */
export async function keepWatch(watchId: string, { state, version, takenPanes }: Watched, now: Date): Promise<void> {
  let packed = pack(state);
  for (let rest: WatchState | undefined = state; packed.byteLength > mostBytes;) {
    rest = halved(rest);
    if (!rest) break;
    packed = pack(rest);
  }
  const unchanged =
    version === 1 ? { condition: 'attribute_not_exists(watchId)' } : { condition: 'version = :before', values: { ':before': version - 1 } };
  const expiresAt = Math.floor(now.getTime() / 1000) + keptFor;
  await watches.put({ watchId, state: packed, version, takenPanes, expiresAt }, unchanged);
}

const pack = (state: WatchState): Uint8Array => zstdCompressSync(JSON.stringify(state));
