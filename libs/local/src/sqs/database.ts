import { openSqlite, type Sqlite } from '../kernel/sqlite.ts';

export type Database = Sqlite;

const schema = `
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS policies (id TEXT PRIMARY KEY, queues TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
    trace_header TEXT, sent INTEGER NOT NULL, visible INTEGER NOT NULL, receipt TEXT, receives INTEGER NOT NULL DEFAULT 0,
    first_received INTEGER, group_id TEXT, deduplication_id TEXT, source_arn TEXT
  );
  CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible, id);
  CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, group_id, visible) WHERE group_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS messages_by_age ON messages (queue, sent);
  CREATE TABLE IF NOT EXISTS deduplication (
    queue TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, sequence INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (queue, id)
  ) WITHOUT ROWID;
`;

/** Messages and queues, on disk or in memory. */
export function openDatabase(directory: string | undefined): Database {
  return openSqlite(directory, 'sqs', schema);
}
