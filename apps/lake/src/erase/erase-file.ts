import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../datasets.ts';
import { identifier, parquet, quoted, withDuckDb } from '../duckdb.ts';
import { erased, sqlNames } from './erase-lines.ts';

/** A table as far as it is searched. */
export type EraseTable = Pick<Dataset, 'name' | 'columns'>;

/** How many rows of a file name a person. */
export const findInFile = ({ columns }: EraseTable, file: Uint8Array, subject: string): Promise<number> =>
  withDuckDb(async (db, folder) => {
    const path = join(folder, 'file.parquet');
    await writeFile(path, file);
    const [[found] = []] = (
      await db.runAndReadAll(`SELECT count(*)::INTEGER FROM ${parquet([path])} WHERE ${named(columns, subject)}`)
    ).getRowsJson();
    return Number(found);
  });

/** A file without a person, and how many rows it has. */
export const eraseInFile = (
  { columns, erase }: EraseTable & Pick<Dataset, 'erase'>,
  file: Uint8Array,
  subject: string,
): Promise<{ file: Uint8Array; rows: number }> =>
  withDuckDb(async (db, folder) => {
    const [from, to] = [join(folder, 'from.parquet'), join(folder, 'to.parquet')];
    await writeFile(from, file);
    // Twice: what ends one name can begin the next.
    const replaced = textsOf(columns).map((column) => `${replace(replace(column, subject), subject)} AS ${column}`);
    const rest =
      erase === 'row'
        ? `FROM ${parquet([from])} WHERE NOT coalesce(${named(columns, subject)}, false)`
        : `SELECT * REPLACE (${replaced.join(', ')}) FROM ${parquet([from])}`;
    const answer = await db.runAndReadAll(`COPY (${rest}) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`);
    return { file: await readFile(to), rows: Number(answer.getRows()[0]?.[0] ?? 0) };
  });

const textsOf = (columns: Dataset['columns']): string[] =>
  Object.entries(columns).flatMap(([name, type]) => (type === 'VARCHAR' ? [identifier(name)] : []));

const named = (columns: Dataset['columns'], subject: string): string =>
  `regexp_matches(concat_ws(' ', '', ${textsOf(columns).join(', ')}), ${quoted(sqlNames([subject]))})`;

const replace = (column: string, subject: string): string =>
  `regexp_replace(${column}, ${quoted(sqlNames([subject]))}, '\\1${erased}\\3', 'g')`;
