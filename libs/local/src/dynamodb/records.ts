import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import type { Change } from './items.ts';
import { type Item, itemBytes, keyOf } from './item.ts';
import type { Place, Table, ViewType } from './table.ts';

/** A record of a stream, as GetRecords answers it, with what is needed to find it. */
export interface StoredRecord {
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly size: number;
  readonly record: ChangeRecord;
}

export interface ChangeRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SizeBytes: number;
    readonly StreamViewType: ViewType;
  };
  /** Set when DynamoDB itself deleted the item. */
  readonly userIdentity?: { readonly Type: 'Service'; readonly PrincipalId: 'dynamodb.amazonaws.com' };
}

/** The records of all streams, in the order of their commits. Kept 24 hours. */
export interface Records {
  append(table: Table, change: Change, deletedBy?: 'time to live'): void;
  /** Records after a position, oldest first. */
  read(streamArn: string, after: bigint, limit: number): StoredRecord[];
  /** The position of the newest record; 0 when there is none. */
  newest(streamArn: string): bigint;
  /** The position before the oldest record that is kept. */
  trimHorizon(streamArn: string): bigint;
  /** Calls back soon after records were committed. Returns how to stop. */
  listen(streamArn: string, listener: () => void): () => void;
  /** Wakes those who listen to streams with new records. To be called after the commit, and forgets them after a rollback. */
  settle(committed: boolean): void;
  /** Drops what is older than 24 hours, and the oldest beyond the bound. */
  trim(): void;
}

const retentionMs = 24 * 60 * 60 * 1000;
/** Over all streams. AWS has no such bound; a laptop's disk has. */
const mostRecords = 2_000_000;
const base = 10n ** 20n;

export function createRecords(database: Database, place: Place): Records {
  const { sql } = database;
  const insert = sql.prepare('INSERT INTO records (stream, at, size, value) VALUES (?, ?, ?, ?)');
  const select = sql.prepare('SELECT sequence, at, size, value FROM records WHERE stream = ? AND sequence > ? ORDER BY sequence LIMIT ?');
  const newest = sql.prepare('SELECT max(sequence) AS sequence FROM records WHERE stream = ?');
  const oldest = sql.prepare('SELECT min(sequence) AS sequence FROM records WHERE stream = ?');
  const latest = sql.prepare("SELECT seq AS sequence FROM sqlite_sequence WHERE name = 'records'");
  const trimAge = sql.prepare('DELETE FROM records WHERE at < ?');
  const trimCount = sql.prepare('DELETE FROM records WHERE sequence <= ?');
  const listeners = new Map<string, Set<() => void>>();
  const touched = new Set<string>();
  const lastOf = (): number => Number(latest.get()?.['sequence'] ?? 0);

  return {
    append(table, change, deletedBy) {
      const at = place.now();
      const stream = table.description.LatestStreamArn!;
      const record = toRecord(place.region, table, change, at, deletedBy);
      insert.run(stream, at, record.dynamodb.SizeBytes, JSON.stringify(record));
      touched.add(stream);
    },
    read: (streamArn, after, limit) =>
      select.all(streamArn, after, limit).map((row) => ({
        sequenceNumber: sequenceNumber(BigInt(row['sequence'] as number)),
        at: row['at'] as number,
        size: row['size'] as number,
        record: JSON.parse(row['value'] as string) as ChangeRecord,
      })),
    newest: (streamArn) => BigInt((newest.get(streamArn)?.['sequence'] as number | null) ?? lastOf()),
    trimHorizon: (streamArn) => BigInt(((oldest.get(streamArn)?.['sequence'] as number | null) ?? lastOf() + 1) - 1),
    listen(streamArn, listener) {
      const set = listeners.get(streamArn) ?? new Set();
      listeners.set(streamArn, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(streamArn) === set) listeners.delete(streamArn);
      };
    },
    settle(committed) {
      if (touched.size === 0) return;
      const streams = [...touched];
      touched.clear();
      if (committed) for (const stream of streams) for (const listener of [...(listeners.get(stream) ?? [])]) queueMicrotask(listener);
    },
    trim() {
      trimAge.run(place.now() - retentionMs);
      trimCount.run(lastOf() - mostRecords);
    },
  };
}

/** Sequence numbers have 21 digits, so that they compare as text too. */
export function sequenceNumber(position: bigint): string {
  return String(base + position);
}

export function positionOf(sequence: string): bigint {
  return BigInt(sequence) - base;
}

function toRecord(region: string, table: Table, change: Change, at: number, deletedBy?: 'time to live'): ChangeRecord {
  const { before, after } = change;
  const view = table.description.StreamSpecification?.StreamViewType ?? 'NEW_AND_OLD_IMAGES';
  const Keys = keyOf((after ?? before)!, table.description.KeySchema);
  const NewImage = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? after : undefined;
  const OldImage = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? before : undefined;
  return {
    eventID: randomBytes(16).toString('hex'),
    eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys,
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
      SizeBytes: itemBytes(Keys) + (NewImage ? itemBytes(NewImage) : 0) + (OldImage ? itemBytes(OldImage) : 0),
      StreamViewType: view,
    },
    ...(deletedBy && { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } as const }),
  };
}
