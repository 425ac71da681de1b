import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Row } from '../datasets.ts';
import { parquet, quoted, withDuckDb } from '../duckdb.ts';

/**
 * Makes one file of Parquet of rows, without those whose event is there already.
 *
 * @param known the files that the hour has.
 * @param whole whether the file is to hold what they hold as well.
 * @returns the file, and how many rows are in it.
 */
export function mergeHour(
  { columns }: Dataset,
  rows: readonly Row[],
  known: readonly Uint8Array[],
  whole: boolean,
): Promise<{ readonly file: Uint8Array; readonly rows: number }> {
  return withDuckDb(async (db, folder) => {
    const [lines, out] = [join(folder, 'rows.ndjson'), join(folder, 'out.parquet')];
    await writeFile(lines, rows.map((row) => JSON.stringify(row)).join('\n'));
    const files = known.map((_, at) => join(folder, `${at}.parquet`));
    for (const [at, file] of files.entries()) await writeFile(file, known[at] ?? '');
    const types = Object.entries(columns).map(([name, type]) => `${name}: ${quoted(type)}`);
    const arrived = `(SELECT * FROM read_ndjson(${quoted(lines)}, columns = {${types.join(', ')}}) QUALIFY row_number() OVER (PARTITION BY event_id) = 1)`;
    const fresh =
      files.length === 0 ? arrived : `(SELECT * FROM ${arrived} ANTI JOIN (SELECT event_id FROM ${parquet(files)}) USING (event_id))`;
    const all = whole && files.length > 0 ? `(FROM ${parquet(files)} UNION ALL BY NAME FROM ${fresh})` : fresh;
    const answer = await db.runAndReadAll(
      `COPY (FROM ${all} ORDER BY type, event_time) TO ${quoted(out)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return { file: await readFile(out), rows: Number(answer.getRows()[0]?.[0] ?? 0) };
  });
}
