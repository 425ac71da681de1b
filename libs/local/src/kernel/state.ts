import { openSqlite, type Sqlite } from './sqlite.ts';

/** A set of JSON documents, held in memory and written through to disk. */
export interface Documents<Value> {
  get(key: string): Value | undefined;
  put(key: string, value: Value): void;
  delete(key: string): boolean;
  /** In the order of their keys. */
  all(): Value[];
}

export interface State extends Sqlite {
  /** Reads a set of documents; each is named by a key. */
  documents<Value>(set: string): Documents<Value>;
  close(): void;
}

const schema = 'CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID';

/** An engine's state: `<directory>/<engine>.sqlite`, or memory without a directory. */
export function openState(directory: string | undefined, engine: string): State {
  const { sql, transaction } = openSqlite(directory, engine, schema);
  const select = sql.prepare('SELECT key, value FROM documents WHERE kind = ?');
  const insert = sql.prepare('INSERT OR REPLACE INTO documents (kind, key, value) VALUES (?, ?, ?)');
  const remove = sql.prepare('DELETE FROM documents WHERE kind = ? AND key = ?');

  return {
    sql,
    documents: <Value>(set: string): Documents<Value> => {
      const held = new Map<string, Value>();
      for (const row of select.all(set)) held.set(String(row['key']), JSON.parse(String(row['value'])) as Value);
      return {
        get: (key) => held.get(key),
        put: (key, value) => {
          insert.run(set, key, JSON.stringify(value));
          held.set(key, value);
        },
        delete: (key) => {
          remove.run(set, key);
          return held.delete(key);
        },
        all: () => [...held.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value),
      };
    },
    transaction,
    close: () => sql.close(),
  };
}
