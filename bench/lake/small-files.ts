import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { hourOf } from '../../apps/lake/src/datasets.ts';
import { quoted, withDuckDb } from '../../apps/lake/src/duckdb.ts';
import type { LakeFile } from '../../apps/lake/src/lake-store.ts';
import { mergeHour } from '../../apps/lake/src/refine/merge-hour.ts';
import { answerSql } from '../../apps/lake/src/run-query/answer-sql.ts';
import { pages, selectOf, toRows } from './rows.ts';

const hours = 24;
const filesAnHour = 42;
const linesAFile = 100;

/** One day: in a thousand small raw files; as small Parquet files by hour; and with one file for each hour, as compaction makes them. */
export async function makeDay(eventsOf: (count: number, seed: number) => string[]) {
  const raw: Uint8Array[] = [];
  const small = new Map<string, LakeFile[]>();
  const compacted = new Map<string, LakeFile[]>();
  const contents = new Map<string, Uint8Array>();
  const keep = (into: Map<string, LakeFile[]>, hour: string, rows: number, file: Uint8Array): void => {
    const key = String(contents.size);
    contents.set(key, file);
    into.set(hour, [...(into.get(hour) ?? []), { key, rows, bytes: file.byteLength }]);
  };
  for (let hour = 0; hour < hours; hour += 1) {
    const time = new Date(Date.UTC(2026, 10, 2, hour)).toISOString();
    const files: Uint8Array[] = [];
    for (let file = 0; file < filesAnHour; file += 1) {
      const seed = hour * filesAnHour + file;
      const lines = eventsOf(linesAFile, seed).map((line) =>
        line.replace(/"time":"[^"]*"/, `"time":"${time}"`).replace(/"id":"/, `"id":"${seed}-`),
      );
      raw.push(zstdCompressSync(lines.join('\n')));
      const made = await mergeHour(pages, toRows(lines), [], false);
      files.push(made.file);
      keep(small, hourOf(time), made.rows, made.file);
    }
    const whole = await mergeHour(pages, [], files, true);
    keep(compacted, hourOf(time), whole.rows, whole.file);
  }
  return { raw, small, compacted, contents };
}

export type Day = Awaited<ReturnType<typeof makeDay>>;

const question = (where: string): string =>
  `SELECT type, count(*) AS events FROM page_events WHERE ${where} GROUP BY type ORDER BY events DESC`;
const oneHour = `event_time >= '2026-11-02 09:00:00' AND event_time < '2026-11-02 09:59:59'`;

/** How long a question takes that the lake answers, and what it reads. */
export async function askLake({ contents }: Day, files: ReadonlyMap<string, readonly LakeFile[]>) {
  let rows: unknown[] = [];
  const answer = await answerSql({
    uploaded: [],
    filesOf: async (_, { from, to }) => [...files].flatMap(([hour, of]) => (hour >= from && hour <= to ? of : [])),
    readFile: async (key) => contents.get(key) ?? new Uint8Array(),
    mayRead: () => 'all',
    keepPage: async (_, page) => void (rows = [...page]),
    keepFile: async () => undefined,
    signal: new AbortController().signal,
  })(question(oneHour));
  return { bytes: answer.bytesScanned, rows };
}

/** The same question to DuckDB over the raw files: nothing says in which of them an hour is. */
export function askRaw({ raw }: Day) {
  return withDuckDb(async (db, folder) => {
    for (const [at, file] of raw.entries()) await writeFile(join(folder, `${at}.ndjson.zst`), file);
    await db.run(`CREATE VIEW page_events AS ${selectOf(join(folder, '*.ndjson.zst'))}`);
    const rows = (await db.runAndReadAll(question(oneHour))).getRowsJson();
    return { bytes: raw.reduce((sum, { byteLength }) => sum + byteLength, 0), rows };
  });
}

/** The same question to DuckDB over one file of Parquet with all of the day. */
export function askOne(file: Uint8Array) {
  return withDuckDb(async (db, folder) => {
    const path = join(folder, 'day.parquet');
    await writeFile(path, file);
    const rows = (await db.runAndReadAll(question(oneHour).replace('FROM page_events', `FROM ${quoted(path)}`))).getRowsJson();
    return { bytes: file.byteLength, rows };
  });
}

export const dayFile = async ({ compacted, contents }: Day): Promise<Uint8Array> =>
  (
    await mergeHour(
      pages,
      [],
      [...compacted.values()].flat().map(({ key }) => contents.get(key) ?? new Uint8Array()),
      true,
    )
  ).file;
