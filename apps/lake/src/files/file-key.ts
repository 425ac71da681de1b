import { datasets, views } from '../datasets.ts';

const formats = { csv: 'csv', json: 'json', ndjson: 'json', jsonl: 'json', parquet: 'parquet' } as const;
export type FileFormat = (typeof formats)[keyof typeof formats];

/** What the name of a dropped file says. */
export interface FileKey {
  readonly dataset: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly compression: 'none' | 'gz' | 'zst';
}

/** A name that a dataset may have, and that none of the lake's own has. */
export const isDatasetName = (name: string): boolean =>
  /^[a-z][a-z0-9_]{0,62}$/.test(name) && !datasets.some((own) => own.name === name) && !(name in views);

/** `<dataset>/<name>.<csv|json|ndjson|jsonl|parquet>[.gz|.zst]`, in any folder below the dataset's. @returns a sentence about what is wrong. */
export function readFileKey(key: string): FileKey | { readonly problem: string } {
  const [dataset = '', ...rest] = key.split('/');
  const name = rest.join('/');
  if (!isDatasetName(dataset))
    return { problem: `'${dataset.slice(0, 80)}' is no name for a dataset: small letters, digits and _, and none of the lake's own` };
  const [, extension = '', , compression = 'none'] = /\.([a-z]+)(\.(gz|zst))?$/i.exec(name.toLowerCase()) ?? [];
  if (!(extension in formats)) return { problem: `the lake reads ${Object.keys(formats).join(', ')}, also as .gz and .zst` };
  return { dataset, name, format: formats[extension as keyof typeof formats], compression: compression as FileKey['compression'] };
}
