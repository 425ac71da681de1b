import type { Columns } from '../files/columns.ts';
import type { FileItem, UploadedDataset } from '../files/datasets-table.ts';
import { type FileKey, readFileKey } from '../files/file-key.ts';
import type { LakeNotice } from '../notices.ts';
import type { Partition } from '../lake-store.ts';
import { FileProblem, type ReadTable } from './read-table.ts';

export interface TakeFileDeps {
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
  /** Forgets what was dropped. */
  forget(bucket: string, key: string): Promise<void>;
  writeFile(key: string, content: Uint8Array): Promise<void>;
  readTable(key: FileKey, content: Uint8Array, known: Columns): Promise<ReadTable>;
  findUploaded(name: string): Promise<UploadedDataset | undefined>;
  keepUploaded(dataset: UploadedDataset): Promise<void>;
  findFile(dataset: string, file: string): Promise<FileItem | undefined>;
  keepFileItem(item: FileItem): Promise<void>;
  findPartition(dataset: string, hour: string): Promise<Partition | undefined>;
  keepPartition(partition: Partition): Promise<void>;
  tell(notice: LakeNotice): Promise<void>;
}

export interface DroppedFile {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly time: Date;
}

/** A function has to hold it, and what it becomes. */
export const mostFileBytes = 256 * 1024 * 1024;

/**
 * Takes a file that was dropped: keeps it as it came, and makes a table of it that can be asked, or says why not. Wherever it ends too early, it can be done again from the beginning: what it writes has the names of the
 * file's content. A file that failed stays under `failed/`; a better one under the same name is another.
 */
export const takeFile =
  (deps: TakeFileDeps) =>
  async ({ bucket, key, etag, bytes, time }: DroppedFile): Promise<void> => {
    const read = readFileKey(key);
    const dataset = 'problem' in read ? '_unknown' : read.dataset;
    const file = `${etag}-${key.slice(key.indexOf('/') + 1)}`;
    const content = bytes > mostFileBytes ? undefined : await deps.read(bucket, key);
    if (content === undefined && bytes <= mostFileBytes) return;
    if ((await deps.findFile(dataset, file))?.status !== 'TAKEN') {
      const item = { dataset, file, name: key, at: time.toISOString() };
      try {
        if ('problem' in read) throw new FileProblem(`${read.problem}.`);
        if (!content)
          throw new FileProblem(`A file has ${mostFileBytes} bytes at most: divide it. This one is still where it was dropped.`);
        await deps.writeFile(`raw/${dataset}/day=${item.at.slice(0, 10)}/${file}`, content);
        const rows = await take(deps, read, item, content);
        await deps.keepFileItem({ ...item, status: 'TAKEN', rows });
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        if (content) await deps.writeFile(`failed/${dataset}/${file}`, content);
        await deps.keepFileItem({ ...item, status: 'FAILED', problem: error.message });
        await deps.tell({ kind: 'ingest-failed', dataset, count: 1, problem: error.message });
      }
    }
    // What is too large stays where it was dropped, for as long as things stay there.
    if (content) await deps.forget(bucket, key);
  };

/** Brings a file into its dataset: the schema first, so that whoever finds the file knows its columns. @returns its rows. */
async function take(
  deps: TakeFileDeps,
  read: FileKey,
  { file, at, name }: { readonly file: string; readonly at: string; readonly name: string },
  content: Uint8Array,
): Promise<number> {
  const { dataset } = read;
  const before = await deps.findUploaded(dataset);
  const made = await deps.readTable(read, content, before?.columns ?? {});
  if (!before || JSON.stringify(made.columns) !== JSON.stringify(before.columns)) {
    const history = before?.history ?? [];
    const next = { version: history.length + 1, since: at, origin: name, columns: made.columns };
    await deps.keepUploaded({
      ...(before ?? { name: dataset, kind: 'uploaded', description: `Files that were dropped as ${dataset}/.`, tags: [] }),
      ...{ columns: made.columns, history: [...history, next], version: (before?.version ?? 0) + 1 },
    });
    await deps.tell(
      before
        ? { kind: 'schema-changed', dataset, origin: name, version: next.version }
        : { kind: 'dataset-created', dataset, origin: name },
    );
  }
  const hour = at.slice(0, 13).replace('T', '-');
  const key = `curated/${dataset}/hour=${hour}/${file.replaceAll(/[^A-Za-z0-9.-]/g, '_')}.parquet`;
  await deps.writeFile(key, made.file);
  const partition = await deps.findPartition(dataset, hour);
  if (partition?.files.some((one) => one.key === key)) return made.rows;
  const files = [...(partition?.files ?? []), { key, rows: made.rows, bytes: made.file.byteLength }];
  await deps.keepPartition({ dataset, hour, version: (partition?.version ?? 0) + 1, files, refreshedAt: at });
  return made.rows;
}
