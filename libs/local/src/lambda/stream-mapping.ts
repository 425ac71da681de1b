import type { Kernel } from '../kernel/kernel.ts';
import type { StreamPort } from '../kernel/ports.ts';
import type { Mapping, Reader } from './mapping.ts';
import type { Store } from './store.ts';
import { startLane, type LaneDeps } from './stream-lane.ts';

export interface StreamMappingDeps extends Omit<LaneDeps, 'signal' | 'setPosition'> {
  readonly kernel: Kernel;
  readonly streams: StreamPort;
  readonly store: Store;
}

/** How much is read at once to find a time in a shard. */
const SCAN = 1000;

/**
 * Reads every shard of a stream for a function, each in order, each from a position of its own that is kept on disk and moves only past what has succeeded or
 * was given up. With a parallelization factor a shard is read by several lanes, and a key always by the same one.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function startStreamMapping(mapping: Mapping, deps: StreamMappingDeps): Reader {
  const { kernel, streams, store } = deps;
  const stopped = new AbortController();
  const lanes = new Map<string, readonly { wake(): void }[]>();
  /** Shards that appear after the mapping was made are read from their beginning. */
  let starting = mapping.startingPosition;
  let looking = false;
  let lookAgain = false;

  const look = async (): Promise<void> => {
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    try {
      do {
        lookAgain = false;
        for (const shard of await streams.shards(mapping.sourceArn)) {
          const parents = lanes.has(shard) ? undefined : parentsOf(shard);
          // Without parents at once: what is written from now on counts.
          if (parents && (parents.length === 0 || (await areRead(parents)))) await open(shard);
        }
        starting = 'TRIM_HORIZON';
      } while (lookAgain && !stopped.signal.aborted);
    } catch (error) {
      kernel.tell({
        kind: 'notice',
        at: kernel.now(),
        level: 'error',
        message: `${mapping.sourceArn} → ${mapping.functionName}: ${String(error)}`,
      });
    } finally {
      looking = false;
    }
  };

  const parentsOf = (shard: string): readonly string[] => streams.lineage?.(mapping.sourceArn, shard).parents ?? [];

  /** A shard that was split is read to its end before those that came of it: so the order of a key is kept. */
  const areRead = async (parents: readonly string[]): Promise<boolean> => {
    const there = new Set(await streams.shards(mapping.sourceArn));
    for (const parent of parents) if (there.has(parent) && !(await isRead(parent))) return false;
    return true;
  };

  const isRead = async (shard: string): Promise<boolean> => {
    const known = store.positions(mapping.uuid, shard);
    if (known.length === 0) return false;
    for (const { position } of known) if ((await streams.read(mapping.sourceArn, shard, position, 1)).length > 0) return false;
    return true;
  };

  const open = async (shard: string): Promise<void> => {
    const names = Array.from({ length: mapping.parallelization }, (_, index) => `${String(index)}/${String(mapping.parallelization)}`);
    const known = store.positions(mapping.uuid, shard);
    const positions = new Map(known.map(({ lane, position }) => [lane, position]));
    // Made with another number of lanes: all go on from where the slowest was.
    const fallback = known.length > 0 ? known.map(({ position }) => position).reduce(lower) : await first(shard);
    if (!names.every((name) => positions.has(name))) {
      store.forgetShard(mapping.uuid, shard);
      for (const name of names) store.setPosition(mapping.uuid, shard, name, positions.get(name) ?? fallback);
    }
    if (stopped.signal.aborted) return;
    lanes.set(
      shard,
      names.map((name, index) =>
        startLane(mapping, shard, index, positions.get(name) ?? fallback, {
          ...deps,
          signal: stopped.signal,
          setPosition: (position) => {
            store.setPosition(mapping.uuid, shard, name, position);
            if (streams.lineage?.(mapping.sourceArn, shard).closed) void look();
          },
        }),
      ),
    );
  };

  /** Where a mapping without a past begins. The end of a shard is made a fixed place at once, so that nothing written from now on is missed. */
  const first = async (shard: string): Promise<string> => {
    if (starting === 'TRIM_HORIZON') return 'TRIM_HORIZON';
    if (starting === 'LATEST') return streams.latest(mapping.sourceArn, shard);
    let position = 'TRIM_HORIZON';
    for (;;) {
      const records = await streams.read(mapping.sourceArn, shard, position, SCAN);
      for (const record of records) {
        if (record.arrivedAt >= (mapping.startingAt ?? 0)) return position;
        position = record.sequenceNumber;
      }
      if (records.length === 0) return position;
    }
  };

  const unsubscribe = streams.onRecords(mapping.sourceArn, () => {
    for (const shard of lanes.values()) for (const lane of shard) lane.wake();
    void look();
  });
  const oldestIn = async (shard: string): Promise<number> => {
    const positions = store.positions(mapping.uuid, shard).map(({ position }) => position);
    let oldest = Infinity;
    // A shard that waits for its parents has no position yet.
    for (const position of positions.length > 0 ? positions : ['TRIM_HORIZON']) {
      const [record] = await streams.read(mapping.sourceArn, shard, position, 1);
      if (record) oldest = Math.min(oldest, record.arrivedAt);
    }
    return oldest;
  };

  void look();
  return {
    async behindMs() {
      const oldest = await Promise.all((await streams.shards(mapping.sourceArn)).map(oldestIn));
      return Math.max(0, kernel.now() - Math.min(kernel.now(), ...oldest));
    },
    stop() {
      unsubscribe();
      stopped.abort();
      for (const shard of lanes.values()) for (const lane of shard) lane.wake();
    },
  };
}

/** Sequence numbers are numbers of many digits. */
function lower(a: string, b: string): string {
  if (a === 'TRIM_HORIZON' || b === 'TRIM_HORIZON') return 'TRIM_HORIZON';
  return BigInt(a) < BigInt(b) ? a : b;
}
