import { readFile as readLocal, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AnswerColumn, AnswerRows } from '../answers.ts';
import { type Dataset, datasets, everyHour, type Hours, views } from '../datasets.ts';
import { identifier, parquet, withDuckDb } from '../duckdb.ts';
import type { LakeFile } from '../lake-store.ts';
import { type Columns } from '../teams.ts';
import { checkSql, SqlLimit, type SqlNode, SqlProblem } from './check-sql.ts';
import { hoursAsked } from './hours-asked.ts';
import { toExport } from './to-export.ts';
import { toPages } from './to-pages.ts';

/** What was found, and how many bytes of files were read for it. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  /** How many rows were kept. */
  readonly rowCount: number;
  readonly pages: number;
  /** There were more rows than an answer holds. */
  readonly truncated: boolean;
  readonly bytesScanned: number;
  /** The tables that were asked. */
  readonly datasets: readonly string[];
}

/** A table as far as it is read. */
export type Table = Pick<Dataset, 'name' | 'columns'>;

export interface AnswerSqlDeps {
  /** Datasets that people have brought in. */
  readonly uploaded: readonly Table[];
  filesOf(dataset: string, hours: Hours): Promise<readonly LakeFile[]>;
  readFile(key: string): Promise<Uint8Array>;
  /** What who asks may read of a table: undefined when nothing. */
  mayRead(table: string): Columns | undefined;
  keepPage(page: number, rows: AnswerRows): Promise<void>;
  /** Keeps the whole answer, as Parquet. */
  keepFile(parquet: Uint8Array): Promise<void>;
  /** Ends the question before its end. */
  readonly signal: AbortSignal;
}

/** What an answer holds. */
const mostRows = 100_000;
/** What one question may read. */
const mostBytes = 1024 ** 3;
const filesAtOnce = 16;

/**
 * Answers a question from the files that its tables have now. It sees those and nothing else: no other file, no network, no column that who asks may not read.
 *
 * @throws {SqlProblem} a sentence for who asked.
 */
export const answerSql =
  (deps: AnswerSqlDeps) =>
  (sql: string): Promise<Answer> =>
    withDuckDb(async (db, folder) => {
      const tables: readonly Table[] = [...datasets, ...deps.uploaded];
      const known = [...tables.map(({ name }) => name), ...Object.keys(views)].filter((name) => deps.mayRead(name) !== undefined);
      const { tables: asked, statements } = await checkSql(db, sql, new Set(known));
      const bytesScanned = await loadTables(deps, tables, db, folder, asked, statements);
      await db.run(`SET allowed_directories = ['${folder}']; SET enable_external_access = false; SET lock_configuration = true`);
      return { ...(await run(deps, db, folder, sql)), bytesScanned, datasets: [...asked] };
    });

/** Makes the tables that a question names. What they are made of has a schema of its own, which no question can name. @returns bytes. */
async function loadTables(
  { filesOf, readFile, mayRead }: AnswerSqlDeps,
  tables: readonly Table[],
  db: DuckDBConnection,
  folder: string,
  asked: ReadonlySet<string>,
  statements: readonly SqlNode[],
): Promise<number> {
  await db.run('CREATE SCHEMA files');
  let bytesScanned = 0;
  for (const table of tables) {
    const { name } = table;
    const isOwn = datasets.some((own) => own.name === name);
    const viewed = [...asked].some((view) => views[view]?.of === name);
    if (!viewed && !asked.has(name)) continue;
    const files = await filesOf(name, viewed || !isOwn ? everyHour : hoursAsked(statements, name));
    bytesScanned += files.reduce((sum, { bytes }) => sum + bytes, 0);
    if (bytesScanned > mostBytes) throw new SqlLimit(`The question would read more than ${mostBytes} bytes.`);
    const paths = files.map((_, at) => join(folder, `${name}-${at}.parquet`));
    const queue = files.entries();
    const fetchNext = async (): Promise<void> => {
      for (const [at, { key }] of queue) await writeFile(paths[at] ?? '', await readFile(key));
    };
    await Promise.all(Array.from({ length: filesAtOnce }, fetchNext));
    const hour = isOwn ? `, strftime(event_time, '%Y-%m-%d-%H') AS hour` : '';
    await db.run(`CREATE VIEW files.${name} AS SELECT *${hour} FROM (${toSelect(table, paths)})`);
    if (asked.has(name))
      await db.run(`CREATE VIEW ${name} AS SELECT ${columnsOf(mayRead(name), isOwn ? ['hour'] : [])} FROM files.${name}`);
  }
  for (const view of asked) {
    const { of, sql } = views[view] ?? {};
    if (of === undefined) continue;
    await db.run(`CREATE VIEW ${view} AS SELECT ${columnsOf(mayRead(view))} FROM (WITH ${of} AS (FROM files.${of}) ${sql})`);
  }
  return bytesScanned;
}

/** A column that is younger than a file is null there. */
function toSelect({ columns }: Table, paths: readonly string[]): string {
  const typed = Object.entries(columns).map(([column, type]) => `NULL::${type} AS ${identifier(column)}`);
  const empty = `SELECT ${typed.join(', ')} WHERE false`;
  if (paths.length === 0) return empty;
  return `SELECT ${Object.keys(columns).map(identifier).join(', ')} FROM (${empty} UNION ALL BY NAME FROM ${parquet(paths)})`;
}

const columnsOf = (columns: Columns | undefined, always: readonly string[] = []): string =>
  columns === 'all' ? '*' : [...(columns ?? []), ...always].map(identifier).join(', ');

async function run(
  { keepPage, keepFile, signal }: AnswerSqlDeps,
  db: DuckDBConnection,
  folder: string,
  sql: string,
): Promise<Omit<Answer, 'bytesScanned' | 'datasets'>> {
  const interrupt = (): void => db.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    signal.throwIfAborted();
    // As a view it is one statement, whatever comments and semicolons it ends with.
    await db.run(`CREATE VIEW _asked AS ${sql}`);
    await db.run(`CREATE TABLE _answer AS FROM _asked LIMIT ${mostRows + 1}`);
    const [[found] = []] = (await db.runAndReadAll('SELECT count(*)::INTEGER FROM _answer')).getRowsJson();
    const rowCount = Math.min(Number(found), mostRows);
    const rows = await db.stream(`FROM _answer LIMIT ${mostRows}`);
    const columns = rows.columnNames().map((name, at) => ({ name, type: String(rows.columnType(at)) }));
    const pages = await toPages(keepPage)(rows, columns);
    const path = join(folder, 'answer.parquet');
    await db.run(`COPY (SELECT ${await toExport(db, columns)} FROM _answer LIMIT ${mostRows}) TO '${path}' (COMPRESSION zstd)`);
    await keepFile(await readLocal(path));
    return { columns, rowCount, pages, truncated: Number(found) > mostRows };
  } catch (error) {
    if (error instanceof SqlProblem || signal.aborted) throw error;
    throw new SqlProblem(String((error as Error).message).slice(0, 2000), { cause: error });
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
