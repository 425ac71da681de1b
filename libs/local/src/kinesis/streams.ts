import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Database } from './database.ts';
import { evenly, hashOf, type HashRange, holds } from './hash-range.ts';
import { shardId } from './ids.ts';
import { createThroughput } from './throughput.ts';

export interface Stream {
  readonly name: string;
  readonly mode: 'ON_DEMAND' | 'PROVISIONED';
  readonly retentionHours: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export interface Shard extends HashRange {
  readonly number: number;
  readonly parents: readonly number[];
  readonly first: number;
  /** Of a shard that takes no more: the sequence before which all its records stand. */
  readonly last: number | undefined;
}

/** A record as it is put. */
export interface NewRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}

export interface StoredRecord {
  readonly sequence: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Milliseconds since 1970. */
  readonly arrived: number;
}

/** Where a record went, or that its shard had no room for it. */
export type Put = { readonly shard: number; readonly sequence: number } | { readonly throttled: number };

/** How often old records are looked for, in milliseconds. */
const TRIM_EVERY = 60_000;

/** What streams hold. @throws {AwsError} what AWS would answer. */
export function createStreams(kernel: Kernel, { sql, transaction }: Database) {
  const listeners = new Map<string, Set<() => void>>();
  const known = new Map<string, Stream>();
  const shards = new Map<string, Shard[]>();
  const throughput = createThroughput();
  let trimmed = kernel.now();
  let sequence = Number(sql.prepare('SELECT last FROM sequence').get()?.['last'] ?? 0);
  if (sequence === 0) sql.exec('INSERT INTO sequence SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM sequence)');

  const statement = {
    stream: sql.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?)'),
    shard: sql.prepare('INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?, ?, ?, NULL)'),
    record: sql.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)'),
    read: sql.prepare('SELECT * FROM records WHERE stream = ? AND shard = ? AND sequence > ? ORDER BY sequence LIMIT ?'),
    since: sql.prepare('SELECT min(sequence) AS first FROM records WHERE stream = ? AND shard = ? AND arrived >= ?'),
    newest: sql.prepare('SELECT max(sequence) AS last FROM records WHERE stream = ? AND shard = ?'),
    trim: sql.prepare('DELETE FROM records WHERE stream = ? AND arrived < ?'),
    keepSequence: sql.prepare('UPDATE sequence SET last = ?'),
  };
  for (const row of sql.prepare('SELECT * FROM streams').all()) {
    const [name, mode] = [String(row['name']), row['mode'] as Stream['mode']];
    known.set(name, { name, mode, retentionHours: Number(row['retention_hours']), created: Number(row['created']) });
    const rows = sql.prepare('SELECT * FROM shards WHERE stream = ? ORDER BY number').all(name);
    shards.set(
      name,
      rows.map((shard) => ({
        number: Number(shard['number']),
        start: BigInt(String(shard['range_start'])),
        end: BigInt(String(shard['range_end'])),
        parents: JSON.parse(String(shard['parents'])) as number[],
        first: Number(shard['first_sequence']),
        last: shard['last_sequence'] === null ? undefined : Number(shard['last_sequence']),
      })),
    );
  }

  const find = (name: string): Stream => {
    const stream = known.get(name);
    if (stream) return stream;
    throw new AwsError('ResourceNotFoundException', `Stream ${name} under account ${kernel.accountId} not found.`);
  };
  const shardsOf = (name: string): readonly Shard[] => (find(name), shards.get(name) ?? []);
  const openShards = (name: string): readonly Shard[] => shardsOf(name).filter(({ last }) => last === undefined);
  const shard = (name: string, number: number): Shard => {
    const found = shardsOf(name).find((each) => each.number === number);
    if (found) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `Shard ${shardId(number)} in stream ${name} under account ${kernel.accountId} does not exist`,
    );
  };

  const keepShard = (name: string, kept: Shard): void => {
    const { number, start, end, parents, first, last } = kept;
    statement.shard.run(name, number, String(start), String(end), JSON.stringify(parents), first, last ?? null);
    const others = (shards.get(name) ?? []).filter((each) => each.number !== number);
    shards.set(
      name,
      [...others, kept].toSorted((a, b) => a.number - b.number),
    );
  };
  const addShard = (name: string, range: HashRange, parents: readonly number[]): void => {
    const number = Math.max(-1, ...(shards.get(name) ?? []).map((each) => each.number)) + 1;
    keepShard(name, { number, ...range, parents, first: sequence, last: undefined });
  };
  const tell = (name: string): void => {
    for (const listener of listeners.get(name) ?? []) listener();
  };
  const trim = (): void => {
    if (kernel.now() - trimmed < TRIM_EVERY) return;
    trimmed = kernel.now();
    for (const { name, retentionHours } of known.values()) statement.trim.run(name, trimmed - retentionHours * 3_600_000);
  };
  /** Closes shards and opens others in their place, all or nothing. */
  const replace = (name: string, closed: readonly Shard[], opened: readonly HashRange[]): void => {
    transaction(() => {
      for (const each of closed) keepShard(name, { ...each, last: sequence });
      for (const range of opened) {
        const parents = closed.filter((each) => each.start <= range.end && each.end >= range.start).map(({ number }) => number);
        addShard(name, range, parents);
      }
    });
    tell(name);
  };

  return {
    find,
    shards: shardsOf,
    shard,
    all: (): readonly Stream[] => [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    exists: (name: string): boolean => known.has(name),

    create(name: string, mode: Stream['mode'], count: number): Stream {
      if (known.has(name)) throw new AwsError('ResourceInUseException', `Stream ${name} under account ${kernel.accountId} already exists.`);
      const stream: Stream = { name, mode, retentionHours: 24, created: kernel.now() };
      transaction(() => {
        statement.stream.run(name, mode, stream.retentionHours, stream.created);
        for (const range of evenly(count)) addShard(name, range, []);
      });
      known.set(name, stream);
      return stream;
    },

    change(name: string, change: Partial<Pick<Stream, 'mode' | 'retentionHours'>>): void {
      const stream = { ...find(name), ...change };
      statement.stream.run(name, stream.mode, stream.retentionHours, stream.created);
      known.set(name, stream);
    },

    remove(name: string): void {
      find(name);
      transaction(() => {
        for (const table of ['streams', 'shards', 'records'] as const)
          sql.prepare(`DELETE FROM ${table} WHERE ${table === 'streams' ? 'name' : 'stream'} = ?`).run(name);
      });
      known.delete(name);
      shards.delete(name);
      listeners.delete(name);
    },

    put(name: string, records: readonly NewRecord[]): Put[] {
      const open = openShards(name);
      trim();
      const at = kernel.now();
      const puts = transaction(() => {
        const all = records.map(({ partitionKey, explicitHashKey, data }): Put => {
          const key = explicitHashKey === undefined ? hashOf(partitionKey) : BigInt(explicitHashKey);
          const { number = 0 } = open.find((range) => holds(range, key)) ?? {};
          if (!throughput.admits(`${name}/${number}`, data.byteLength + Buffer.byteLength(partitionKey), at)) return { throttled: number };
          sequence += 1;
          statement.record.run(name, number, sequence, partitionKey, data, at);
          return { shard: number, sequence };
        });
        statement.keepSequence.run(sequence);
        return all;
      });
      tell(name);
      return puts;
    },

    /** Records of a shard after a sequence, oldest first. */
    read: (name: string, number: number, after: number, limit: number): StoredRecord[] =>
      statement.read.all(name, number, after, limit).map((row) => ({
        sequence: Number(row['sequence']),
        partitionKey: String(row['partition_key']),
        data: row['data'] as Uint8Array,
        arrived: Number(row['arrived']),
      })),

    /** The sequence after which the first record stands that came at a time or later. */
    before(name: string, number: number, time: number): number {
      const first = statement.since.get(name, number, time)?.['first'];
      return first === null || first === undefined ? newest(name, number) : Number(first) - 1;
    },
    newest: (name: string, number: number): number => newest(name, number),

    split(name: string, number: number, at: bigint): void {
      const parent = shard(name, number);
      if (parent.last !== undefined) throw closedError(name, number);
      if (at <= parent.start || at > parent.end)
        throw new AwsError('InvalidArgumentException', 'NewStartingHashKey is not strictly within the hash range of the shard.');
      replace(name, [parent], [{ start: parent.start, end: at - 1n }, { start: at, end: parent.end }]); // prettier-ignore
    },

    merge(name: string, one: number, other: number): void {
      const [left, right] = [shard(name, one), shard(name, other)].toSorted((a, b) => (a.start < b.start ? -1 : 1)) as [Shard, Shard];
      for (const each of [left, right]) if (each.last !== undefined) throw closedError(name, each.number);
      if (left.end + 1n !== right.start) throw new AwsError('InvalidArgumentException', 'The two shards are not adjacent.');
      replace(name, [left, right], [{ start: left.start, end: right.end }]);
    },

    /** To so many shards of one size. */
    scale(name: string, count: number): void {
      const open = openShards(name);
      if (open.length !== count) replace(name, open, evenly(count));
    },

    listen(name: string, listener: () => void): () => void {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(listener));
      return () => void all.delete(listener);
    },
  };

  function newest(name: string, number: number): number {
    const last = statement.newest.get(name, number)?.['last'];
    return last === null || last === undefined ? shard(name, number).first : Number(last);
  }

  function closedError(name: string, number: number): AwsError {
    return new AwsError(
      'InvalidArgumentException',
      `Shard ${shardId(number)} in stream ${name} under account ${kernel.accountId} is not open.`,
    );
  }
}

export type Streams = ReturnType<typeof createStreams>;
