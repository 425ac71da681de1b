import { openSqlite, type Sqlite } from '../kernel/sqlite.ts';

export type Database = Sqlite;

const schema = `
  CREATE TABLE IF NOT EXISTS streams (
    name TEXT PRIMARY KEY, mode TEXT NOT NULL, retention_hours INTEGER NOT NULL, created INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS shards (
    stream TEXT NOT NULL, number INTEGER NOT NULL, range_start TEXT NOT NULL, range_end TEXT NOT NULL, parents TEXT NOT NULL,
    first_sequence INTEGER NOT NULL, last_sequence INTEGER, closed INTEGER, PRIMARY KEY (stream, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (
    stream TEXT NOT NULL, shard INTEGER NOT NULL, sequence INTEGER NOT NULL, partition_key TEXT NOT NULL, data BLOB NOT NULL, arrived INTEGER NOT NULL,
    PRIMARY KEY (stream, shard, sequence)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS records_by_age ON records (stream, arrived);
  CREATE TABLE IF NOT EXISTS sequence (last INTEGER NOT NULL);
`;

/** Streams, their shards and their records, on disk or in memory. */
export function openDatabase(directory: string | undefined): Database {
  return openSqlite(directory, 'kinesis', schema);
}
