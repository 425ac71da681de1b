import { ConditionFailed } from '@larder/service/errors';
import type { Dataset } from '../datasets.ts';
import type { LakeFile, Partition, StoredObject } from '../lake-store.ts';
import { unpackLines } from '../raw-lines.ts';
import type { QueryItem } from '../queries-table.ts';
import { erased, eraseLines, names } from './erase-lines.ts';
import type { Zone } from './sweep.ts';

export interface ZoneDeps {
  listObjects(prefix: string, limit: number, after: string | undefined): Promise<readonly StoredObject[]>;
  readFile(key: string): Promise<Uint8Array>;
  writeFile(key: string, content: Uint8Array | string): Promise<void>;
  removeObject(key: string): Promise<void>;
  packLines(lines: readonly string[]): Uint8Array;
  findPartition(dataset: string, hour: string): Promise<Partition | undefined>;
  keepPartition(partition: Partition): Promise<void>;
  dropLater(files: readonly LakeFile[], now: Date): Promise<void>;
  /** Whether a file that somebody dropped names a person, whatever its format. */
  isNamedIn(key: string, content: Uint8Array, subject: string): Promise<boolean>;
  findInFile(file: Uint8Array, subject: string): Promise<number>;
  eraseInFile(how: Dataset['erase'], file: Uint8Array, subject: string): Promise<{ readonly file: Uint8Array; readonly rows: number }>;
  listAnswers(limit: number, after: string | undefined): Promise<readonly string[]>;
  readAnswerText(key: string): Promise<string>;
  dropAnswer(queryId: string): Promise<void>;
  scanQueries(
    limit: number,
    after: string | undefined,
  ): Promise<{ readonly items: readonly QueryItem[]; readonly last?: object | undefined }>;
  findQuery(queryId: string): Promise<QueryItem | undefined>;
  rewriteQuery(item: QueryItem): Promise<void>;
  newId(): string;
  now(): Date;
}

/** Things of one page. */
const atOnce = 50;
/** A file that stands in no partition is on its way into one, or was left behind. */
const leftBehind = 15 * 60_000;

/** Everything that the lake keeps: for each dataset what has arrived, what failed and what was made of it, then answers and questions. */
export function zonesOf(datasets: readonly Dataset[], uploaded: readonly Pick<Dataset, 'name'>[], deps: ZoneDeps): Zone[] {
  return [
    dropped('raw', datasets, deps),
    dropped('failed', datasets, deps),
    ...uploaded.map((table) => files({ name: table.name, erase: 'row' }, deps)),
    ...datasets.flatMap((dataset) => [
      lines(`raw/${dataset.name}/`, dataset, deps),
      lines(`failed/${dataset.name}/`, dataset, deps),
      files(dataset, deps),
    ]),
    answers(deps),
    questions(deps),
  ];
}

/** Files as people dropped them, of whatever dataset. One that names the person goes as a whole: what else was in it is in the table. */
function dropped(zone: 'raw' | 'failed', own: readonly Dataset[], deps: ZoneDeps): Zone {
  return objects(deps, `${zone}/`, async ({ key }, subject, write) => {
    if (own.some(({ name }) => key.startsWith(`${zone}/${name}/`))) return false;
    if (!(await deps.isNamedIn(key, await deps.readFile(key), subject))) return false;
    if (write) await deps.removeObject(key);
    return true;
  });
}

/** Goes through the objects of a prefix. */
function objects(deps: ZoneDeps, prefix: string, look: (object: StoredObject, subject: string, write: boolean) => Promise<boolean>): Zone {
  return {
    async page(subject, after, write) {
      const page = await deps.listObjects(prefix, atOnce, after);
      let found = 0;
      for (const object of page) if (await look(object, subject, write)) found += 1;
      return { looked: page.length, found, next: page.length < atOnce ? undefined : page.at(-1)?.key };
    },
  };
}

function lines(prefix: string, { erase }: Dataset, deps: ZoneDeps): Zone {
  return objects(deps, prefix, async ({ key }, subject, write) => {
    const bytes = await deps.readFile(key);
    const isPacked = key.endsWith('.zst');
    const all = isPacked ? unpackLines(key, bytes) : Buffer.from(bytes).toString('utf8').split('\n');
    const rest = eraseLines(all, [subject], erase);
    if (rest === all) return false;
    if (write) await deps.writeFile(key, isPacked ? deps.packLines(rest) : rest.join('\n'));
    return true;
  });
}

function files(dataset: Pick<Dataset, 'name' | 'erase'>, deps: ZoneDeps): Zone {
  return objects(deps, `curated/${dataset.name}/`, async ({ key, changedAt }, subject, write) => {
    const file = await deps.readFile(key);
    if ((await deps.findInFile(file, subject)) === 0) return false;
    if (!write) return true;
    const hour = /\/hour=([^/]+)\//.exec(key)?.[1] ?? '';
    const partition = await deps.findPartition(dataset.name, hour);
    const old = partition?.files.find((one) => one.key === key);
    if (partition && old) await replace(partition, old, file, subject);
    else if (deps.now().getTime() - changedAt.getTime() > leftBehind) await deps.removeObject(key);
    return true;
  });

  /** In one conditional write; when somebody else has changed the hour meanwhile, the search will find the file again. */
  async function replace(partition: Partition, old: LakeFile, content: Uint8Array, subject: string): Promise<void> {
    const made = await deps.eraseInFile(dataset.erase, content, subject);
    const key = `curated/${dataset.name}/hour=${partition.hour}/${deps.newId()}.parquet`;
    const rest = partition.files.filter((one) => one !== old);
    if (made.rows > 0) await deps.writeFile(key, made.file);
    const files = made.rows > 0 ? [...rest, { key, rows: made.rows, bytes: made.file.byteLength }] : rest;
    const now = deps.now();
    try {
      await deps.keepPartition({ ...partition, version: partition.version + 1, files, refreshedAt: now.toISOString() });
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      await deps.removeObject(key);
      return;
    }
    await deps.dropLater([old], now);
  }
}

/** An answer that names the person is forgotten in all its forms, of which the pages are searched. */
function answers(deps: ZoneDeps): Zone {
  return {
    async page(subject, after, write) {
      const page = await deps.listAnswers(atOnce, after);
      const dropped = new Set<string>();
      let found = 0;
      for (const key of page) {
        const [queryId = '', name = ''] = key.split('/');
        if (!name.endsWith('.json') || dropped.has(queryId) || (await deps.readAnswerText(key)).search(names([subject])) < 0) continue;
        found += 1;
        if (!write) continue;
        dropped.add(queryId);
        await deps.dropAnswer(queryId);
        const query = await deps.findQuery(queryId);
        if (query)
          await deps.rewriteQuery({ ...query, answer: undefined, status: 'FAILED', error: 'The answer named a person who was erased.' });
      }
      return { looked: page.length, found, next: page.length < atOnce ? undefined : page.at(-1) };
    },
  };
}

function questions(deps: ZoneDeps): Zone {
  return {
    async page(subject, after, write) {
      const { items, last } = await deps.scanQueries(atOnce, after);
      const named = items.filter(({ sql, error = '' }) => `${sql} ${error}`.search(names([subject])) >= 0);
      const without = (text: string): string => text.replaceAll(names([subject]), erased);
      if (write)
        for (const item of named)
          await deps.rewriteQuery({ ...item, sql: without(item.sql), error: item.error === undefined ? undefined : without(item.error) });
      return { looked: items.length, found: named.length, next: (last as { queryId?: string } | undefined)?.queryId };
    },
  };
}
