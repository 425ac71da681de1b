import type { DuckDBConnection } from '@duckdb/node-api';

/** Functions that make rows of nothing but their arguments. */
const tableFunctions = new Set(['range', 'generate_series', 'unnest']);
/** What speaks of the engine and not of the data. */
const engineFunctions = /^(current_setting|getenv|getvariable|query|query_table|read_.*|sniff_.*|glob|duckdb_.*|pragma_.*|.*_scan)$/;

export class SqlProblem extends Error {
  override readonly name: string = 'SqlProblem';
}

/** A question that would read, take or answer more than one may. */
export class SqlLimit extends SqlProblem {}

/** A node of a parsed question. */
export type SqlNode = Readonly<Record<string, unknown>>;

/** A question that may be asked. */
export interface CheckedSql {
  /** The tables that it reads. */
  readonly tables: ReadonlySet<string>;
  /** As DuckDB's `json_serialize_sql` writes them. */
  readonly statements: readonly SqlNode[];
}

/**
 * Reads a question. It is one SELECT, and names tables and nothing else: no file, no function that reads one, no table of the engine.
 *
 * @param known tables that may be read.
 * @throws {SqlProblem} a sentence for who asked.
 */
export async function checkSql(db: DuckDBConnection, sql: string, known: ReadonlySet<string>): Promise<CheckedSql> {
  const answer = await db.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)::VARCHAR', { sql });
  const parsed = JSON.parse(String(answer.getRows()[0]?.[0])) as {
    error: boolean;
    error_message?: string;
    statements?: readonly SqlNode[];
  };
  if (parsed.error) throw new SqlProblem(parsed.error_message ?? 'This is no SQL.');
  if (parsed.statements?.length !== 1) throw new SqlProblem('Ask one question at a time: one SELECT.');
  const nodes = [...nodesOf(parsed.statements)];
  const named = new Set(
    nodes.flatMap(({ cte_map }) => ((cte_map as { map?: readonly { key: string }[] })?.map ?? []).map(({ key }) => key)),
  );
  const read = new Set<string>();
  for (const node of nodes) {
    const { type, table_name: table, schema_name: schema, catalog_name: catalog, function_name: name } = node;
    if (type === 'BASE_TABLE') {
      if (schema || catalog || typeof table !== 'string') throw new SqlProblem(`Name tables alone, as in 'FROM ${[...known][0]}'.`);
      if (known.has(table.toLowerCase())) read.add(table.toLowerCase());
      else if (!named.has(table)) throw new SqlProblem(`There is no table '${table}': ask ${[...known].join(', ')}.`);
    }
    if (type === 'SHOW_REF') throw new SqlProblem('Ask with SELECT; GET /lake/datasets lists tables and columns.');
    if (
      type === 'TABLE_FUNCTION' &&
      !tableFunctions.has(String((node['function'] as SqlNode | undefined)?.['function_name']).toLowerCase())
    )
      throw new SqlProblem('Ask tables: functions that read something else are not for here.');
    if (typeof name === 'string' && engineFunctions.test(name.toLowerCase())) throw new SqlProblem(`'${name}' is not for here.`);
  }
  return { tables: read, statements: parsed.statements };
}

/** Every object within a value, itself too. */
export function* nodesOf(value: unknown): Generator<SqlNode> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (typeof value === 'object' && value !== null) {
    yield value as SqlNode;
    for (const item of Object.values(value)) yield* nodesOf(item);
  }
}
