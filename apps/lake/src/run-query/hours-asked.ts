import { everyHour, type Hours, hourOf } from '../datasets.ts';
import { nodesOf, type SqlNode } from './check-sql.ts';

/**
 * Which hours of a table a question needs, from what it asks of `hour` and `event_time` where it reads the table. Where that is not plain (a join, a view, an expression), all of them: a file too
 * many costs time, and one too few would be wrong.
 *
 * @param statements as DuckDB's `json_serialize_sql` writes them.
 */
export function hoursAsked(statements: readonly SqlNode[], table: string): Hours {
  const nodes = [...nodesOf(statements)];
  const named = nodes.filter((node) => isTable(node, table));
  const ranges = nodes.flatMap(({ from_table: from, where_clause: where }) =>
    isTable(from, table) ? [rangeOf(where as SqlNode | null, [table, String(from['alias'])])] : [],
  );
  if (ranges.length === 0 || ranges.length !== named.length) return everyHour;
  return ranges.reduce((all, one) => ({ from: least(all.from, one.from), to: most(all.to, one.to) }));
}

const least = (one: string, other: string): string => (one < other ? one : other);
const most = (one: string, other: string): string => (one < other ? other : one);

const isTable = (node: unknown, table: string): node is SqlNode => {
  const { type, table_name: name } = (node ?? {}) as SqlNode;
  return type === 'BASE_TABLE' && String(name).toLowerCase() === table;
};

/** @param owners what a column may be said to be of. */
function rangeOf(where: SqlNode | null, owners: readonly string[]): Hours {
  if (!where) return everyHour;
  const { type, left, right, input, lower, upper } = where;
  if (type === 'CONJUNCTION_AND')
    return (where['children'] as readonly SqlNode[])
      .map((child) => rangeOf(child, owners))
      .reduce((all, one) => ({ from: most(all.from, one.from), to: least(all.to, one.to) }), everyHour);
  const from = (column: unknown, bound: unknown): string => boundOf(column, bound, owners) ?? everyHour.from;
  const to = (column: unknown, bound: unknown): string => boundOf(column, bound, owners) ?? everyHour.to;
  switch (type) {
    case 'COMPARE_EQUAL':
      return { from: from(left, right), to: to(left, right) };
    case 'COMPARE_GREATERTHAN':
    case 'COMPARE_GREATERTHANOREQUALTO':
      return { ...everyHour, from: from(left, right) };
    case 'COMPARE_LESSTHAN':
    case 'COMPARE_LESSTHANOREQUALTO':
      return { ...everyHour, to: to(left, right) };
    case 'COMPARE_BETWEEN':
      return { from: from(input, lower), to: to(input, upper) };
    default:
      return everyHour;
  }
}

/** The hour of a constant that `hour` or `event_time` is compared with. */
function boundOf(column: unknown, bound: unknown, owners: readonly string[]): string | undefined {
  const { column_names: names } = column as { column_names?: readonly string[] };
  const name = names?.at(-1)?.toLowerCase();
  if (!names || names.length > 2 || (names.length === 2 && !owners.includes(names[0] ?? ''))) return undefined;
  const text = textOf(bound);
  if (name === 'hour') return text !== undefined && /^\d{4}-/.test(text) ? text : undefined;
  if (name !== 'event_time' || text === undefined) return undefined;
  const [, day, hour = '00'] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):\d\d(?::\d\d(?:\.\d+)?)?)?$/.exec(text) ?? [];
  return day === undefined ? undefined : hourOf(`${day}T${hour}`);
}

/** Of `'…'`, `TIMESTAMP '…'` and `'…'::TIMESTAMP`. */
function textOf(node: unknown): string | undefined {
  const { class: kind, child, cast_type: cast, value } = node as SqlNode & { value?: { type?: { id?: string }; value?: unknown } };
  if (kind === 'CAST' && ['TIMESTAMP', 'DATE'].includes(String((cast as SqlNode | undefined)?.['id']))) return textOf(child);
  return kind === 'CONSTANT' && value?.type?.id === 'VARCHAR' && typeof value.value === 'string' ? value.value : undefined;
}
