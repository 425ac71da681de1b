import type { DuckDBConnection } from '@duckdb/node-api';
import type { AnswerColumn } from '../answers.ts';
import { identifier } from '../duckdb.ts';

/** Types that Parquet, CSV and Arrow all have. */
const common = /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|VARCHAR|DATE|TIMESTAMP|BLOB)$/;

/**
 * The columns of an answer as they leave: what other tools do not know becomes a text. The sum of whole numbers has 128 bits in DuckDB, and leaves with 64 where its values allow.
 *
 * @returns what a SELECT over `_answer` names.
 */
export async function toExport(db: DuckDBConnection, columns: readonly AnswerColumn[]): Promise<string> {
  const exported = columns.map(async ({ name, type }) => {
    const column = identifier(name);
    if (common.test(type)) return column;
    const kind = type === 'HUGEINT' && (await fits(db, column)) ? 'BIGINT' : 'VARCHAR';
    return `${column}::${kind} AS ${column}`;
  });
  return (await Promise.all(exported)).join(', ');
}

async function fits(db: DuckDBConnection, column: string): Promise<boolean> {
  const [[lost] = []] = (
    await db.runAndReadAll(`SELECT count(${column}) - count(TRY_CAST(${column} AS BIGINT)) FROM _answer`)
  ).getRowsJson();
  return Number(lost) === 0;
}
