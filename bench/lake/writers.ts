import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, int64, tableFromArrays, tableToIPC, timestamp, TimeUnit, utf8 } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { Compression, Table, writeParquet, WriterPropertiesBuilder } from 'parquet-wasm';
import type { Row } from '../../apps/lake/src/datasets.ts';
import { withDuckDb } from '../../apps/lake/src/duckdb.ts';
import { mergeHour } from '../../apps/lake/src/refine/merge-hour.ts';
import { pages, selectOf, toRows } from './rows.ts';

/** Makes Parquet of lines. */
export type Writer = (lines: readonly string[]) => Promise<Uint8Array>;

const names = Object.keys(pages.columns);
const valuesOf = (rows: readonly Row[], name: string): unknown[] => rows.map((row) => row[name] ?? null);

export const writers = {
  /** As `refine` does: checked against the contract, each event once, in order. */
  refine: async (lines) => (await mergeHour(pages, toRows(lines), [], false)).file,

  'DuckDB alone': (lines) =>
    withDuckDb(async (db, folder) => {
      const [from, to] = [join(folder, 'lines.ndjson'), join(folder, 'out.parquet')];
      await writeFile(from, lines.join('\n'));
      await db.run(`COPY (${selectOf(from)}) TO '${to}' (FORMAT parquet, COMPRESSION zstd)`);
      return readFile(to);
    }),

  'hyparquet-writer': async (lines) => {
    const rows = toRows(lines);
    const types = { VARCHAR: 'STRING', INTEGER: 'INT32', BIGINT: 'INT64', TIMESTAMP: 'TIMESTAMP' } as const;
    const columnData = names.map((name) => {
      const type = types[pages.columns[name] as keyof typeof types];
      const values = valuesOf(rows, name);
      const data =
        type === 'TIMESTAMP'
          ? values.map((value) => new Date(String(value)))
          : type === 'INT64'
            ? values.map((value) => (value === null ? null : BigInt(Number(value))))
            : values;
      return { name, data, type, nullable: true };
    });
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  },

  'arrow and parquet-wasm': async (lines) => {
    const rows = toRows(lines);
    const types = { VARCHAR: utf8(), INTEGER: int32(), BIGINT: int64(), TIMESTAMP: timestamp(TimeUnit.MICROSECOND) };
    const typeOf = (name: string) => types[pages.columns[name] as keyof typeof types];
    const arrays = names.map((name): [string, unknown[]] => {
      const values = valuesOf(rows, name);
      return [name, pages.columns[name] === 'TIMESTAMP' ? values.map((value) => new Date(String(value))) : values];
    });
    const stream = tableToIPC(tableFromArrays(arrays, { types: Object.fromEntries(names.map((name) => [name, typeOf(name)])) }), {
      format: 'stream',
    });
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
    return writeParquet(Table.fromIPCStream(stream ?? new Uint8Array()), properties);
  },
} as const satisfies Readonly<Record<string, Writer>>;
