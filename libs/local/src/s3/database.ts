import { openSqlite, type Sqlite } from '../kernel/sqlite.ts';

export type Database = Sqlite;

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS policies (id TEXT PRIMARY KEY, bucket TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
    meta TEXT NOT NULL, PRIMARY KEY (bucket, key)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS extents (
    body TEXT NOT NULL, position INTEGER NOT NULL, data BLOB, file TEXT, start INTEGER NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (body, position)
  );
  CREATE INDEX IF NOT EXISTS extents_by_file ON extents (file) WHERE file IS NOT NULL;
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, started INTEGER NOT NULL, meta TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, id);
  CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified INTEGER NOT NULL, checksum TEXT, PRIMARY KEY (upload, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, due INTEGER NOT NULL, retries INTEGER NOT NULL, accepted INTEGER NOT NULL, value TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due, id);
`;

/** Buckets, objects and what has to be told of them, on disk or in memory. Large bodies are beside it: {@link file://./bodies.ts}. */
export function openDatabase(directory: string | undefined): Database {
  return openSqlite(directory, 's3', schema);
}
