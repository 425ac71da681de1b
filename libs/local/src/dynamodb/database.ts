import type { StatementSync } from 'node:sqlite';
import { openSqlite, type Sqlite } from '../kernel/sqlite.ts';

export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
}

export interface Database extends Sqlite {
  /** JSON text. */
  get(space: number, key: string): string | undefined;
  put(space: number, key: string, value: string, expires: number | null): void;
  del(space: number, key: string): void;
  /** Rows in the order of their keys, read in pieces, so that a caller may stop early. */
  range(space: number, range: Range, piece: number): Generator<{ key: string; value: string }>;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS spaces (id INTEGER PRIMARY KEY AUTOINCREMENT);
  CREATE TABLE IF NOT EXISTS items (
    space INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER, PRIMARY KEY (space, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS items_by_expiry ON items (space, expires) WHERE expires IS NOT NULL;
  CREATE TABLE IF NOT EXISTS records (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL, value TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS records_by_stream ON records (stream, sequence);
  CREATE INDEX IF NOT EXISTS records_by_age ON records (at);
  CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tokens_by_expiry ON tokens (expires);
`;

/** Ordered rows, on disk or in memory. */
export function openDatabase(directory: string | undefined): Database {
  const { sql, transaction } = openSqlite(directory, 'dynamodb', schema);
  const statements = new Map<string, StatementSync>();
  const prepare = (text: string): StatementSync => {
    let statement = statements.get(text);
    if (!statement) statements.set(text, (statement = sql.prepare(text)));
    return statement;
  };
  const get = sql.prepare('SELECT value FROM items WHERE space = ? AND key = ?');
  const put = sql.prepare('INSERT OR REPLACE INTO items (space, key, value, expires) VALUES (?, ?, ?, ?)');
  const del = sql.prepare('DELETE FROM items WHERE space = ? AND key = ?');

  return {
    sql,
    transaction,
    get: (space, key) => get.get(space, key)?.['value'] as string | undefined,
    put: (space, key, value, expires) => void put.run(space, key, value, expires),
    del: (space, key) => void del.run(space, key),
    *range(space, range, piece) {
      let bounds = range;
      for (;;) {
        const { text, values } = select(bounds);
        const rows = prepare(text).all(space, ...values, piece) as { key: string; value: string }[];
        yield* rows;
        const last = rows.at(-1);
        if (!last || rows.length < piece) return;
        bounds = range.reverse ? { ...bounds, lt: last.key, lte: undefined } : { ...bounds, gt: last.key, gte: undefined };
      }
    },
    close: () => sql.close(),
  };
}

function select(range: Range): { text: string; values: string[] } {
  const bounds = [
    ['>', range.gt],
    ['>=', range.gte],
    ['<', range.lt],
    ['<=', range.lte],
  ].filter((bound): bound is [string, string] => bound[1] !== undefined);
  const where = bounds.map(([operator]) => ` AND key ${operator} ?`).join('');
  return {
    text: `SELECT key, value FROM items WHERE space = ?${where} ORDER BY key ${range.reverse ? 'DESC' : 'ASC'} LIMIT ?`,
    values: bounds.map(([, value]) => value),
  };
}
