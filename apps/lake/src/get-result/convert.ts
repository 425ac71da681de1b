import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bool,
  type DataType,
  dateDay,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  tableFromArrays,
  tableToIPC,
  TimeUnit,
  timestamp,
  uint16,
  uint32,
  uint64,
  uint8,
  utf8,
} from '@uwdata/flechette';
import { identifier, parquet, withDuckDb } from '../duckdb.ts';

/** An answer in another form than the Parquet that it is kept in. */
export const convert = {
  /** RFC 4180, with the names of the columns first. */
  csv: (content: Uint8Array): Promise<Uint8Array> =>
    withDuckDb(async (db, folder) => {
      const [from, to] = [join(folder, 'answer.parquet'), join(folder, 'answer.csv')];
      await writeFile(from, content);
      await db.run(`COPY (FROM ${parquet([from])}) TO '${to}' (HEADER)`);
      return readFile(to);
    }),

  /** A stream of Arrow's IPC format. What it is given no type for here is a text. */
  arrow: (content: Uint8Array): Promise<Uint8Array> =>
    withDuckDb(async (db, folder) => {
      const from = join(folder, 'answer.parquet');
      await writeFile(from, content);
      const described = await db.runAndReadAll(`DESCRIBE FROM ${parquet([from])}`);
      const columns = described.getRowsJson().map(([name, type]) => ({ name: String(name), type: arrowTypes[String(type)]?.() }));
      const selected = columns.map(({ name, type }) => identifier(name) + (type ? '' : `::VARCHAR AS ${identifier(name)}`));
      const values = await (await db.run(`SELECT ${selected.join(', ')} FROM ${parquet([from])}`)).getColumnsJS();
      const arrays = columns.map(({ name }, at): [string, unknown[]] => [name, values[at] ?? []]);
      const types = Object.fromEntries(columns.map(({ name, type }) => [name, type ?? utf8()]));
      const stream = tableToIPC(tableFromArrays(arrays, { types }), { format: 'stream' });
      if (!stream) throw new TypeError('Arrow was written to somewhere else');
      return stream;
    }),
} as const;

const arrowTypes: Readonly<Record<string, (() => DataType) | undefined>> = {
  BOOLEAN: bool,
  TINYINT: int8,
  SMALLINT: int16,
  INTEGER: int32,
  BIGINT: int64,
  UTINYINT: uint8,
  USMALLINT: uint16,
  UINTEGER: uint32,
  UBIGINT: uint64,
  FLOAT: float32,
  DOUBLE: float64,
  DATE: dateDay,
  TIMESTAMP: () => timestamp(TimeUnit.MICROSECOND),
};
