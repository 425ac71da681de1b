import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A folder and a database in memory, both gone after the work. Columns hold UTC. */
export async function withDuckDb<Result>(work: (db: DuckDBConnection, folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'larder-lake-'));
  try {
    const settings = { threads: '2', memory_limit: '2GB', temp_directory: join(folder, 'spill'), max_temp_directory_size: '1GB' };
    const instance = await DuckDBInstance.create(':memory:', settings);
    const db = await instance.connect();
    try {
      return await work(db, folder);
    } finally {
      db.closeSync();
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as SQL writes it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Files of Parquet as a table, with the columns that any of them has. */
export const parquet = (files: readonly string[]): string => `read_parquet([${files.map(quoted).join(', ')}], union_by_name = true)`;
