import { type Dataset, hourOf, type Row } from '../datasets.ts';
import { eraseLines } from '../erase/erase-lines.ts';
import type { ArrivedObject, LakeFile, Partition } from '../lake-store.ts';
import { packLines } from '../raw-lines.ts';

/** An hour of more files than this gets one file instead of them. */
const mostFiles = 8;
/** Objects of `raw/` at once. */
const atOnce = 50;

export interface RefineDeps {
  findArrivals(dataset: string, limit: number): Promise<readonly ArrivedObject[]>;
  forgetArrival(arrival: ArrivedObject): Promise<void>;
  readRaw(key: string): Promise<readonly string[]>;
  readFile(key: string): Promise<Uint8Array>;
  writeFile(key: string, content: Uint8Array | string): Promise<void>;
  findPartition(dataset: string, hour: string): Promise<Partition | undefined>;
  keepPartition(partition: Partition): Promise<void>;
  dropLater(files: readonly LakeFile[], now: Date): Promise<void>;
  merge(
    dataset: Dataset,
    rows: readonly Row[],
    known: readonly Uint8Array[],
    whole: boolean,
  ): Promise<{ readonly file: Uint8Array; readonly rows: number }>;
  /** People who were erased, as far as their events may still arrive. */
  findSubjects(): Promise<readonly string[]>;
  newId(): string;
  now(): Date;
  /** Whether there is time for another round. */
  hasTime(): boolean;
}

/**
 * Brings what has arrived into its hours: typed, each event once. What breaks its contract goes to `failed/`, with the reason. Wherever it ends too early, the next run does what is left, and
 * what it does again changes nothing: events that an hour has are left out, and an hour's files are switched in one conditional write.
 *
 * @returns how many rows were new, and how many lines failed.
 */
export const refine =
  (deps: RefineDeps) =>
  async (datasets: readonly Dataset[]): Promise<{ readonly added: number; readonly failed: number }> => {
    const sum = { added: 0, failed: 0 };
    const subjects = await deps.findSubjects();
    for (const dataset of datasets) {
      while (deps.hasTime()) {
        const arrived = await deps.findArrivals(dataset.name, atOnce);
        if (arrived.length === 0) break;
        const rows: Row[] = [];
        for (const arrival of arrived) {
          const problems: object[] = [];
          for (const line of await linesWithout(subjects, dataset, arrival.key)) {
            const row = dataset.toRow(line);
            if ('problem' in row) problems.push({ problem: row.problem, line });
            else rows.push(row as Row);
          }
          if (problems.length > 0) await keepFailed(arrival, problems);
          sum.failed += problems.length;
        }
        for (const [hour, ofHour] of Map.groupBy(rows, ({ event_time }) => hourOf(event_time)))
          sum.added += await add(dataset, hour, ofHour);
        for (const arrival of arrived) await deps.forgetArrival(arrival);
      }
    }
    return sum;

    /** What arrives for a person who was erased does not stay in `raw/` either. */
    async function linesWithout(subjects: readonly string[], dataset: Dataset, key: string): Promise<readonly string[]> {
      const lines = await deps.readRaw(key);
      const kept = eraseLines(lines, subjects, dataset.erase);
      if (kept !== lines) await deps.writeFile(key, packLines(kept));
      return kept;
    }

    /** Under a name of its own object, so that once more is the same. */
    async function keepFailed({ key }: ArrivedObject, problems: readonly object[]): Promise<void> {
      const name = key.replace(/^raw\//, 'failed/').replace(/\.zst$/, '');
      await deps.writeFile(name, problems.map((problem) => JSON.stringify(problem)).join('\n'));
    }

    async function add(dataset: Dataset, hour: string, rows: readonly Row[]): Promise<number> {
      const before = await deps.findPartition(dataset.name, hour);
      const files = before?.files ?? [];
      const known = await Promise.all(files.map(({ key }) => deps.readFile(key)));
      const whole = files.length >= mostFiles;
      const made = await deps.merge(dataset, rows, known, whole);
      const had = whole ? files.reduce((total, file) => total + file.rows, 0) : 0;
      if (made.rows === had) return 0;
      const now = deps.now();
      const file: LakeFile = {
        key: `curated/${dataset.name}/hour=${hour}/${deps.newId()}.parquet`,
        rows: made.rows,
        bytes: made.file.byteLength,
      };
      await deps.writeFile(file.key, made.file);
      const version = (before?.version ?? 0) + 1;
      await deps.keepPartition({
        dataset: dataset.name,
        hour,
        version,
        files: whole ? [file] : [...files, file],
        refreshedAt: now.toISOString(),
      });
      if (whole) await deps.dropLater(files, now);
      return made.rows - had;
    }
  };
