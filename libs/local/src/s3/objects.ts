import type { Bodies } from './bodies.ts';
import type { Checksum } from './checksum.ts';
import type { Database } from './database.ts';

/** What an object has beside its content. */
export interface Meta {
  /** Headers that are given back as they came: `content-type`, `cache-control`, `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** Names its content: {@link file://./bodies.ts}. */
  readonly body: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly meta: Meta;
}

/** The objects of all buckets. Whoever changes something does it within a transaction. */
export interface Objects {
  find(bucket: string, key: string): StoredObject | undefined;
  /** The first object whose key comes after another, in the order of UTF-8. */
  after(bucket: string, key: string): StoredObject | undefined;
  /** Replaces what has the key, whose content goes. */
  put(object: StoredObject): void;
  remove(object: StoredObject): void;
}

export function createObjects({ sql }: Database, bodies: Bodies): Objects {
  const columns = 'bucket, key, body, size, etag, modified, meta';
  const select = sql.prepare(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ?`);
  const next = sql.prepare(`SELECT ${columns} FROM objects WHERE bucket = ? AND key > ? ORDER BY key LIMIT 1`);
  const insert = sql.prepare(`INSERT OR REPLACE INTO objects (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const drop = sql.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?');
  const toObject = (row: Record<string, unknown> | undefined): StoredObject | undefined =>
    row && ({ ...row, meta: JSON.parse(String(row['meta'])) as Meta } as StoredObject);

  return {
    find: (bucket, key) => toObject(select.get(bucket, key)),
    after: (bucket, key) => toObject(next.get(bucket, key)),
    put(object) {
      const { bucket, key, body, size, etag, modified, meta } = object;
      const old = toObject(select.get(bucket, key));
      if (old && old.body !== body) bodies.release(old.body);
      insert.run(bucket, key, body, size, etag, modified, JSON.stringify(meta));
    },
    remove({ bucket, key, body }) {
      drop.run(bucket, key);
      bodies.release(body);
    },
  };
}
