import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dataset } from '../datasets.ts';
import { identifier, parquet, quoted, withDuckDb } from '../duckdb.ts';
import { erased, sqlNames } from './erase-lines.ts';

/** How many rows of a file of Parquet name a person, in whatever column. */
export const findInFile = (file: Uint8Array, subject: string): Promise<number> =>
  withDuckDb(async (db, folder) => {
    const path = join(folder, 'file.parquet');
    await writeFile(path, file);
    const isNamed = named(await columnsOf(db, path), subject);
    const [[found] = []] = (await db.runAndReadAll(`SELECT count(*)::INTEGER FROM ${parquet([path])} WHERE ${isNamed}`)).getRowsJson();
    return Number(found);
  });

/** A file without a person, and how many rows it has. */
export const eraseInFile = (how: Dataset['erase'], file: Uint8Array, subject: string): Promise<{ file: Uint8Array; rows: number }> =>
  withDuckDb(async (db, folder) => {
    const [from, to] = [join(folder, 'from.parquet'), join(folder, 'to.parquet')];
    await writeFile(from, file);
    const columns = await columnsOf(db, from);
    const texts = columns.filter(({ type }) => type === 'VARCHAR');
    // Twice: what ends one name can begin the next.
    const replaced = texts.map(({ column }) => `${replace(replace(column, subject), subject)} AS ${column}`);
    const rest =
      how === 'row'
        ? `FROM ${parquet([from])} WHERE NOT ${named(columns, subject)}`
        : `SELECT * REPLACE (${replaced.join(', ')}) FROM ${parquet([from])}`;
    const answer = await db.runAndReadAll(`COPY (${rest}) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`);
    return { file: await readFile(to), rows: Number(answer.getRows()[0]?.[0] ?? 0) };
  });

interface Column {
  /** As SQL writes it. */
  readonly column: string;
  readonly type: string;
}

/** Those of the file: its dataset may have others by now. */
async function columnsOf(db: DuckDBConnection, path: string): Promise<Column[]> {
  const described = (await db.runAndReadAll(`DESCRIBE FROM ${parquet([path])}`)).getRowsJson();
  return described.map(([name, type]) => ({ column: identifier(String(name)), type: String(type) }));
}

/** An id can be a number too. */
const named = (columns: readonly Column[], subject: string): string =>
  `regexp_matches(concat_ws(' ', ${columns.map(({ column }) => `${column}::VARCHAR`).join(', ')}), ${quoted(sqlNames([subject]))})`;

const replace = (column: string, subject: string): string =>
  `regexp_replace(${column}, ${quoted(sqlNames([subject]))}, '\\1${erased}\\3', 'g')`;
