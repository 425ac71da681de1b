import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type KeptAnswer } from '../answers.ts';
import { datasets, everyHour, type Hours, views } from '../datasets.ts';
import { parquet, withDuckDb } from '../duckdb.ts';
import type { LakeFile } from '../lake-store.ts';
import { checkSql, SqlProblem } from './check-sql.ts';
import { hoursAsked } from './hours-asked.ts';

/** What was found, and how many bytes of files were read for it. */
export interface Answer extends KeptAnswer {
  readonly bytesScanned: number;
}

export interface AnswerSqlDeps {
  filesOf(dataset: string, hours: Hours): Promise<readonly LakeFile[]>;
  readFile(key: string): Promise<Uint8Array>;
  /** Ends the question before its end. */
  readonly signal: AbortSignal;
}

const mostRows = 10_000;
/** What one question may read. */
const mostBytes = 1024 ** 3;
/** What an answer of an API may weigh: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostAnswer = 5_000_000;

/**
 * Answers a question from the files that its tables have now. It sees those and nothing else: no other file, no network.
 *
 * @throws {SqlProblem} a sentence for who asked.
 */
export const answerSql =
  ({ filesOf, readFile, signal }: AnswerSqlDeps) =>
  (sql: string): Promise<Answer> =>
    withDuckDb(async (db, folder) => {
      const { tables: asked, statements } = await checkSql(db, sql, new Set([...datasets.map(({ name }) => name), ...Object.keys(views)]));
      let bytesScanned = 0;
      for (const { name, columns } of datasets) {
        const viewed = [...asked].some((view) => views[view]?.of === name);
        if (!viewed && !asked.has(name)) continue;
        const files = await filesOf(name, viewed ? everyHour : hoursAsked(statements, name));
        bytesScanned += files.reduce((sum, { bytes }) => sum + bytes, 0);
        if (bytesScanned > mostBytes) throw new SqlProblem(`The question would read more than ${mostBytes} bytes.`);
        const paths: string[] = [];
        for (const { key } of files) {
          const path = join(folder, `${name}-${paths.length}.parquet`);
          await writeFile(path, await readFile(key));
          paths.push(path);
        }
        const names = Object.keys(columns);
        const empty = Object.entries(columns).map(([column, type]) => `NULL::${type} AS ${column}`);
        await db.run(
          `CREATE VIEW ${name} AS SELECT *, strftime(event_time, '%Y-%m-%d-%H') AS hour FROM (${paths.length > 0 ? `SELECT ${names.join(', ')} FROM ${parquet(paths)}` : `SELECT ${empty.join(', ')} WHERE false`})`,
        );
      }
      for (const view of asked) if (views[view]) await db.run(`CREATE VIEW ${view} AS ${views[view].sql}`);
      await db.run(`SET allowed_directories = ['${folder}']; SET enable_external_access = false; SET lock_configuration = true`);
      return { ...(await run(db, sql, signal)), bytesScanned };
    });

async function run(db: DuckDBConnection, sql: string, signal: AbortSignal): Promise<KeptAnswer> {
  const interrupt = (): void => db.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    signal.throwIfAborted();
    const reader = await db.streamAndReadUntil(sql, mostRows + 1);
    const types = reader.columnTypes().map(String);
    const columns = reader.columnNames().map((name, at) => ({ name, type: types[at] ?? 'VARCHAR' }));
    const rows = reader.getRowsJson().slice(0, mostRows);
    const plain = rows.map((row) => row.map((value, at) => toPlain(value, types[at] ?? '')));
    if (JSON.stringify(plain).length > mostAnswer) throw new SqlProblem('The answer is too large: ask for fewer rows or columns.');
    return { columns, rows: plain, truncated: reader.currentRowCount > mostRows };
  } catch (error) {
    if (error instanceof SqlProblem || signal.aborted) throw error;
    throw new SqlProblem(String((error as Error).message).slice(0, 2000), { cause: error });
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** DuckDB writes whole numbers of 64 bits and more as texts. */
function toPlain(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !/^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) || type.startsWith('DECIMAL') ? number : value;
}
