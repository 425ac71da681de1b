import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Outcome {
  readonly produced: number;
  readonly consumed: number;
  readonly counted: number;
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
  readonly ages: readonly number[];
}

/** As many events as all cores carry from a producer to Parquet, each process for itself as functions would. @throws when an event is missing, or there twice. */
export async function endToEnd(seconds: number) {
  const processes = Math.min(2, availableParallelism());
  const outcomes = await Promise.all(
    Array.from({ length: processes }, async (_, at) => {
      const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'pipeline.ts'), String(seconds), `p${at}`];
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
    }),
  );
  for (const { produced, consumed, counted, rows } of outcomes)
    if (new Set([produced, consumed, counted, rows]).size > 1)
      throw new Error(`not all is accounted for: ${JSON.stringify({ produced, consumed, counted, rows })}`);
  const sum = (of: 'produced' | 'bytes') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
  const ages = outcomes.flatMap((outcome) => outcome.ages).toSorted((a, b) => a - b);
  return {
    processes,
    events: sum('produced'),
    eventsPerSecond: Math.round(outcomes.reduce((total, { produced, ms }) => total + (produced / ms) * 1000, 0)),
    bytesPerRow: Number((sum('bytes') / sum('produced')).toFixed(1)),
    /** From the moment an event is produced until it is in Parquet, at most. */
    freshnessP99Ms: Math.round(ages[Math.ceil(ages.length * 0.99) - 1] ?? 0),
  };
}
