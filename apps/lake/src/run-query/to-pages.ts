import type { DuckDBResult } from '@duckdb/node-api';
import type { AnswerColumn, AnswerRows } from '../answers.ts';
import { SqlProblem } from './check-sql.ts';

const mostRows = 10_000;
/** What an answer of an API may weigh is 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostCharacters = 2_500_000;

/** Hands on the rows of a result in pages that an API can answer with; there is one at least. @returns how many. @throws {SqlProblem} when one row alone is too large. */
export const toPages =
  (keepPage: (page: number, rows: AnswerRows) => Promise<void>) =>
  async (result: DuckDBResult, columns: readonly AnswerColumn[]): Promise<number> => {
    let [page, rows, size]: [number, (readonly unknown[])[], number] = [0, [], 0];
    for await (const chunk of result.yieldRowsJson()) {
      for (const row of chunk) {
        const plain = row.map((value, at) => toPlain(value, columns[at]?.type ?? ''));
        const { length } = JSON.stringify(plain);
        if (length > mostCharacters) throw new SqlProblem('A row of the answer is too large: ask for fewer columns, or for less of them.');
        if (rows.length === mostRows || size + length > mostCharacters) {
          await keepPage(page, rows);
          [page, rows, size] = [page + 1, [], 0];
        }
        rows.push(plain);
        size += length + 1;
      }
    }
    await keepPage(page, rows);
    return page + 1;
  };

/** DuckDB writes whole numbers of 64 bits and more as texts. */
function toPlain(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !/^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) || type.startsWith('DECIMAL') ? number : value;
}
