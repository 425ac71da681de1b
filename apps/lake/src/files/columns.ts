/** Types of columns by their names. */
export type Columns = Readonly<Record<string, string>>;

/** What a value of one type can be written as without losing anything: 53 bits of a whole number fit into a DOUBLE, 64 do not. */
const wider: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['VARCHAR'],
  TINYINT: ['SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'VARCHAR'],
  SMALLINT: ['INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'VARCHAR'],
  INTEGER: ['BIGINT', 'DOUBLE', 'VARCHAR'],
  BIGINT: ['VARCHAR'],
  FLOAT: ['DOUBLE', 'VARCHAR'],
  DOUBLE: ['VARCHAR'],
  DATE: ['TIMESTAMP', 'VARCHAR'],
  TIMESTAMP: ['VARCHAR'],
};

/** A name that needs no quotes in SQL: letters, digits and `_`. */
export function columnName(given: string): string {
  const plain = given
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 63) : `c_${plain}`.slice(0, 63);
}

/** What is kept of a type: what Parquet has and other tools know; all else is a text. */
export const columnType = (type: string): string =>
  type in wider || type === 'VARCHAR' ? type : type === 'HUGEINT' ? 'VARCHAR' : /^TIMESTAMP/.test(type) ? 'TIMESTAMP' : 'VARCHAR';

/**
 * The columns of a dataset after a file with others has come. A column may be new, or missing: it is null where it is not. A type may become wider, when that loses nothing.
 *
 * @returns the columns, or a sentence about why the file cannot be taken.
 */
export function evolve(known: Columns, arrived: Columns): { readonly columns: Columns } | { readonly problem: string } {
  const columns: Record<string, string> = { ...known };
  const problems: string[] = [];
  for (const [name, type] of Object.entries(arrived)) {
    const before = known[name];
    if (before === undefined || wider[before]?.includes(type)) columns[name] = type;
    else if (before !== type && !wider[type]?.includes(before)) problems.push(`${name} is ${before} here and ${type} in the file`);
  }
  // Everything can be written as a text, but numbers that became texts no longer add up: that is somebody's decision.
  for (const [name, type] of Object.entries(columns))
    if (known[name] !== undefined && known[name] !== 'VARCHAR' && type === 'VARCHAR')
      problems.push(`${name} is ${known[name]} here and ${arrived[name]} in the file`);
  return problems.length > 0
    ? {
        problem: `${problems.join('; ')}. A column can be added or become wider (INTEGER, BIGINT; FLOAT, DOUBLE; DATE, TIMESTAMP), and nothing else.`,
      }
    : { columns };
}
