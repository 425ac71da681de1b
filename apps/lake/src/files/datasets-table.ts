import { table } from '@larder/service/table';
import type { Columns } from './columns.ts';

/** A schema that a dataset had from some time on, and the file that brought it. */
export interface SchemaVersion {
  readonly version: number;
  readonly since: string;
  readonly origin: string;
  readonly columns: Columns;
}

/** A dataset that people have brought in. */
export interface UploadedDataset {
  readonly name: string;
  /** For the index of all of them. */
  readonly kind: 'uploaded';
  readonly description: string;
  readonly owner?: string | undefined;
  readonly tags: readonly string[];
  readonly columns: Columns;
  readonly history: readonly SchemaVersion[];
  /** Counts the changes. */
  readonly version: number;
}

/** A file of a dataset, and what became of it. */
export interface FileItem {
  readonly dataset: string;
  /** Its content and its name: the same again is the same. */
  readonly file: string;
  readonly name: string;
  readonly at: string;
  readonly status: 'TAKEN' | 'FAILED';
  readonly rows?: number | undefined;
  readonly problem?: string | undefined;
}

const uploaded = table<UploadedDataset>('Datasets');
const files = table<FileItem>('Files');

export const findUploaded = (name: string): Promise<UploadedDataset | undefined> => uploaded.get({ name }, { consistent: true });
export const listUploaded = (): Promise<UploadedDataset[]> =>
  uploaded.queryAll({ index: 'ByKind', where: 'kind = :kind', values: { ':kind': 'uploaded' } });

/** @throws {ConditionFailed} when somebody else has changed it meanwhile. */
export async function keepUploaded(dataset: UploadedDataset): Promise<void> {
  const unchanged =
    dataset.version === 1
      ? { condition: 'attribute_not_exists(#name)', names: { '#name': 'name' } }
      : { condition: 'version = :before', values: { ':before': dataset.version - 1 } };
  await uploaded.put(dataset, unchanged);
}

export const findFile = (dataset: string, file: string): Promise<FileItem | undefined> =>
  files.get({ dataset, file }, { consistent: true });
export const keepFileItem = (item: FileItem): Promise<void> => files.put(item);
/** The files of a dataset, by their names. */
export const listFiles = (dataset: string, limit: number): Promise<FileItem[]> =>
  files.query({ where: 'dataset = :dataset', values: { ':dataset': dataset }, limit }).then(({ items }) => items);
