import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Sqlite {
  readonly sql: DatabaseSync;
  /** Everything that `work` writes is kept, or nothing of it. May be nested: the outermost decides. */
  transaction<Result>(work: () => Result): Result;
}

/**
 * SQLite in `<directory>/<name>.sqlite`, or in memory without a directory. A commit is one write to the log: it outlives the process,
 * though not a loss of power, which is more than a laptop's cloud needs and saves a flush a write.
 *
 * @param schema statements that make the tables which are not there yet.
 */
export function openSqlite(directory: string | undefined, name: string, schema: string): Sqlite {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const sql = new DatabaseSync(directory === undefined ? ':memory:' : join(directory, `${name}.sqlite`));
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;');
  sql.exec(schema);
  const begin = sql.prepare('BEGIN IMMEDIATE');
  const commit = sql.prepare('COMMIT');
  const rollback = sql.prepare('ROLLBACK');
  return {
    sql,
    transaction: (work) => {
      if (sql.isTransaction) return work();
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (sql.isTransaction) rollback.run();
        throw error;
      }
    },
  };
}
