import type { Kernel } from '../../kernel/kernel.ts';
import type { StreamPort, StreamRecord } from '../../kernel/ports.ts';

export interface MemoryStreams extends StreamPort {
  create(name: string): string;
  /** Closes the first shard: what is written to `shard-2` from now on comes after it. */
  split(arn: string): void;
  /** Appends records `{eventName: 'INSERT', dynamodb: {Keys, NewImage, SequenceNumber}}`. */
  write(arn: string, items: readonly { key: string; value?: string }[], shard?: string): void;
}

export function memoryStreams(kernel: Kernel): MemoryStreams {
  const streams = new Map<string, Map<string, StreamRecord[]>>();
  const listeners = new Map<string, Set<() => void>>();
  const split = new Set<string>();
  let sequence = 900n;
  return {
    create(name) {
      const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${name}/stream/2026-01-01T00:00:00.000`;
      streams.set(arn, new Map([['shard-1', []]]));
      return arn;
    },
    write(arn, items, shard = 'shard-1') {
      const shards = streams.get(arn);
      if (shards === undefined) throw new Error(`No stream ${arn}`);
      const records = shards.get(shard) ?? [];
      shards.set(shard, records);
      for (const { key, value = '' } of items) {
        const sequenceNumber = String((sequence += 1n));
        const dynamodb = { Keys: { id: { S: key } }, NewImage: { id: { S: key }, value: { S: value } }, SequenceNumber: sequenceNumber };
        records.push({
          sequenceNumber,
          arrivedAt: kernel.now(),
          sizeBytes: 100,
          entry: { eventID: sequenceNumber, eventName: 'INSERT', dynamodb },
        });
      }
      for (const listener of listeners.get(arn) ?? []) listener();
    },
    split: (arn) => void split.add(arn),
    lineage: (arn, shard) =>
      split.has(arn) ? { parents: shard === 'shard-2' ? ['shard-1'] : [], closed: shard === 'shard-1' } : { parents: [], closed: false },
    owns: (arn) => streams.has(arn),
    shards: async (arn) => [...(streams.get(arn)?.keys() ?? [])],
    async read(arn, shard, after, limit) {
      const records = streams.get(arn)?.get(shard) ?? [];
      if (after === 'LATEST') return [];
      return records.filter(({ sequenceNumber }) => after === 'TRIM_HORIZON' || BigInt(sequenceNumber) > BigInt(after)).slice(0, limit);
    },
    latest: async (arn, shard) => streams.get(arn)?.get(shard)?.at(-1)?.sequenceNumber ?? '0',
    onRecords(arn, listener) {
      const known = listeners.get(arn) ?? new Set();
      listeners.set(arn, known.add(listener));
      return () => void known.delete(listener);
    },
  };
}
