import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, quoted, withDuckDb } from '../duckdb.ts';
import { columnName, type Columns, columnType, evolve } from '../files/columns.ts';
import type { FileKey } from '../files/file-key.ts';

/** Why a file cannot be taken: a sentence for who dropped it. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

/** What a file may become, unpacked. */
const mostBytes = 512 * 1024 * 1024;
const mostRows = 5_000_000;
const mostColumns = 500;

export interface ReadTable {
  /** Parquet. */
  readonly file: Uint8Array;
  readonly rows: number;
  /** Those of the dataset from now on. */
  readonly columns: Columns;
}

/** Makes Parquet of a file, with the types that its dataset has. @param known the columns of the dataset, if there is one. @throws {FileProblem} */
export const readTable = (key: FileKey, content: Uint8Array, known: Columns): Promise<ReadTable> =>
  withDuckDb(async (db, folder) => {
    const [from, to] = [join(folder, 'file'), join(folder, 'out.parquet')];
    const unpacked = plain(unpack(key, content), key);
    await writeFile(from, unpacked);
    await db.run(`SET allowed_directories = ['${folder}']; SET enable_external_access = false; SET lock_configuration = true`);
    try {
      await db.run(`CREATE TABLE arrived AS FROM ${reader(key, from, unpacked)} LIMIT ${mostRows + 1}`);
      const arrived = await columnsOf(db);
      const evolved = evolve(known, Object.fromEntries(arrived.map(({ name, type }) => [name, type])));
      if ('problem' in evolved) throw new FileProblem(evolved.problem);
      const { columns } = evolved;
      const selected = arrived.map(({ given, name }) => `${identifier(given)}::${columns[name]} AS ${identifier(name)}`);
      const copied = await db.runAndReadAll(
        `COPY (SELECT ${selected.join(', ')} FROM arrived) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      const rows = Number(copied.getRows()[0]?.[0] ?? 0);
      if (rows === 0) throw new FileProblem('The file has no rows.');
      if (rows > mostRows) throw new FileProblem(`The file has more than ${mostRows} rows: divide it.`);
      return { file: await readFile(to), rows, columns };
    } catch (error) {
      if (error instanceof FileProblem) throw error;
      // DuckDB says the line and the column; where the file is is nobody's business.
      throw new FileProblem(
        String((error as Error).message)
          .split('\n\nLINE')[0]
          ?.replaceAll(/^Original Line: .*\n/gm, '')
          ?.replaceAll(from, key.name)
          .slice(0, 2000),
        { cause: error },
      );
    }
  });

/** @throws {FileProblem} when it is something else, or becomes too large. */
export function unpack({ compression, format }: Pick<FileKey, 'compression' | 'format'>, content: Uint8Array): Uint8Array {
  try {
    if (compression === 'gz') return gunzipSync(content, { maxOutputLength: mostBytes });
    if (compression === 'zst') return zstdDecompressSync(content, { maxOutputLength: mostBytes });
    return content;
  } catch (error) {
    throw new FileProblem(`The ${format} could not be unpacked, or has more than ${mostBytes} bytes.`, { cause: error });
  }
}

/** Of an export of DynamoDB, whose lines are items with their types, the items. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html */
function plain(content: Uint8Array, { format }: FileKey): Uint8Array {
  if (format !== 'json' || !Buffer.from(content.subarray(0, 8)).toString('latin1').startsWith('{"Item":')) return content;
  const lines = Buffer.from(content).toString('utf8').split('\n').filter(Boolean);
  try {
    return Buffer.from(
      lines
        .map((line) => JSON.stringify(unmarshall((JSON.parse(line) as { Item: Parameters<typeof unmarshall>[0] }).Item), toJson))
        .join('\n'),
    );
  } catch (error) {
    throw new FileProblem('The file begins as an export of DynamoDB, and is none.', { cause: error });
  }
}

const toJson = (_: string, value: unknown): unknown =>
  value instanceof Set
    ? [...(value as Set<unknown>)]
    : value instanceof Uint8Array
      ? Buffer.from(value).toString('base64')
      : typeof value === 'bigint'
        ? String(value)
        : value;

function reader({ format }: FileKey, path: string, content: Uint8Array): string {
  if (format === 'parquet') return `read_parquet(${quoted(path)})`;
  if (format === 'json') return `read_json(${quoted(path)}, maximum_object_size = 16777216)`;
  return `read_csv(${quoted(path)}, delim = ${quoted(delimiterOf(content))}, header = true, skip = 0, strict_mode = true, null_padding = false, ignore_errors = false)`;
}

/** What the first line has most of. Left to itself, DuckDB takes a file whose rows have different lengths for one with a single column. */
function delimiterOf(content: Uint8Array): string {
  const [first = ''] = Buffer.from(content.subarray(0, 65_536)).toString('utf8').split('\n');
  const countOf = (delimiter: string): number => first.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((most, one) => (countOf(one) > countOf(most) ? one : most));
}

async function columnsOf(db: DuckDBConnection): Promise<{ readonly given: string; readonly name: string; readonly type: string }[]> {
  const described = (await db.runAndReadAll('DESCRIBE arrived')).getRowsJson();
  const columns = described.map(([given, type]) => ({
    given: String(given),
    name: columnName(String(given)),
    type: columnType(String(type)),
  }));
  if (columns.length > mostColumns) throw new FileProblem(`The file has more than ${mostColumns} columns.`);
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new FileProblem(`Two columns would both be called ${twice}.`);
  return columns;
}
