// Events to typed Parquet, a question over a day of small files, and all of the way from a producer to Parquet; against named peers and DuckDB alone.
import { parseArgs } from 'node:util';
import { eventsOf } from '../streams/events.ts';
import { endToEnd } from './end-to-end.ts';
import { askLake, askOne, askRaw, dayFile, makeDay } from './small-files.ts';
import { type Writer, writers } from './writers.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, seconds: { type: 'string', default: '60' } },
});
const seconds = Number(options.seconds);
if (options.help || !(seconds >= 1 && seconds <= 3600)) {
  console.log('npm run bench -- lake [--json] [--seconds <1 to 3600, of the end-to-end run: 60>]');
  process.exit(options.help ? 0 : 2);
}

const rounds = 5;
const lines = eventsOf(200_000);
const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** Runs contestants by turns. @returns the milliseconds of each round, and the last result. */
async function contest<Name extends string, Result>(of: Readonly<Record<Name, () => Promise<Result>>>) {
  const names = Object.keys(of) as Name[];
  const all = new Map<Name, { readonly ms: number[]; result: Result }>();
  for (let round = -1; round < rounds; round += 1)
    for (const name of names) {
      const from = performance.now();
      const result = await of[name]();
      const ms = performance.now() - from;
      all.set(name, { ms: round < 0 ? [] : [...(all.get(name)?.ms ?? []), ms], result });
    }
  return (name: Name) => all.get(name) ?? { ms: [], result: undefined as Result };
}

const timed = (write: Writer) => () => write(lines);
const written = await contest({
  refine: timed(writers.refine),
  'DuckDB alone': timed(writers['DuckDB alone']),
  'hyparquet-writer': timed(writers['hyparquet-writer']),
  'arrow and parquet-wasm': timed(writers['arrow and parquet-wasm']),
});
const limit = written('DuckDB alone').ms;
const parquet = (Object.keys(writers) as (keyof typeof writers)[]).map((writer) => {
  const { ms, result } = written(writer);
  return {
    writer,
    'M rows/s': Number((lines.length / median(ms) / 1000).toFixed(3)),
    'of DuckDB alone': Number(median(ms.map((one, round) => (limit[round] ?? one) / one)).toFixed(2)),
    'bytes a row': Number((result.byteLength / lines.length).toFixed(1)),
  };
});

const day = await makeDay(eventsOf);
const one = await dayFile(day);
const asked = await contest({
  'compacted, by the lake': () => askLake(day, day.compacted),
  'small files, by the lake': () => askLake(day, day.small),
  'raw files, by DuckDB': () => askRaw(day),
  'one file, by DuckDB': () => askOne(one),
});
const names = ['compacted, by the lake', 'small files, by the lake', 'raw files, by DuckDB', 'one file, by DuckDB'] as const;
const answers = new Set(names.map((name) => JSON.stringify(asked(name).result.rows.map((row) => [...(row as unknown[])].map(String)))));
if (answers.size > 1) throw new Error(`the answers differ: ${[...answers].join(' ')}`);
const rawBytes = asked('raw files, by DuckDB').result.bytes;
const questions = names.map((what) => ({
  what,
  ms: Math.round(median(asked(what).ms)),
  'bytes read': asked(what).result.bytes,
  'fewer than raw': Number((rawBytes / asked(what).result.bytes).toFixed(1)),
}));

const carried = await endToEnd(seconds);
if (options.json) console.log(JSON.stringify({ parquet, questions, endToEnd: carried }, null, 2));
else {
  console.table(parquet);
  console.table(questions);
  console.table([carried]);
  console.log(
    `${lines.length} events of 209 bytes, and a day of ${day.raw.length} files; ${rounds} rounds, by turns; ratios are medians of those within a round. End to end: ${seconds} s.`,
  );
}
