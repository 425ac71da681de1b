import { datasets, views } from '../datasets.ts';
import type { Columns as ColumnTypes } from '../files/columns.ts';
import type { UploadedDataset } from '../files/datasets-table.ts';
import type { Columns } from '../teams.ts';

/** What the catalogue says of a dataset, whatever it is made of. */
export interface Entry {
  readonly name: string;
  readonly description: string;
  readonly kind: 'event' | 'view' | 'uploaded';
  readonly owner?: string | undefined;
  readonly tags: readonly string[];
  /** Contracts, datasets or files. */
  readonly madeOf: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly history: readonly {
    readonly version: number;
    readonly since?: string;
    readonly origin: string;
    readonly columns: Entry['columns'];
  }[];
}

const toColumns = (columns: ColumnTypes, readable: Columns | undefined): Entry['columns'] =>
  Object.entries(columns).flatMap(([name, type]) => (readable === 'all' || readable?.includes(name) ? [{ name, type }] : []));

/** All datasets of which somebody may read a column, with the columns that they may read. */
export function catalogueOf(uploaded: readonly UploadedDataset[], mayRead: (dataset: string) => Columns | undefined): Entry[] {
  const events = datasets.map(({ name, description, columns, origin }): Entry => {
    const own = toColumns(columns, mayRead(name));
    return {
      name,
      description,
      kind: 'event',
      owner: origin.owner,
      tags: [],
      madeOf: [origin.contract],
      columns: own,
      history: [{ version: 1, origin: origin.contract, columns: own }],
    };
  });
  const made = Object.entries(views).map(([name, { description, columns, of }]): Entry => {
    const own = toColumns(columns, mayRead(name));
    return { name, description, kind: 'view', tags: [], madeOf: [of], columns: own, history: [{ version: 1, origin: of, columns: own }] };
  });
  const brought = uploaded.map(({ name, description, owner, tags, columns, history }): Entry => ({
    ...{ name, description, kind: 'uploaded', owner, tags, columns: toColumns(columns, mayRead(name)) },
    madeOf: [...new Set(history.map(({ origin }) => origin))],
    history: history.map((version) => ({ ...version, columns: toColumns(version.columns, mayRead(name)) })),
  }));
  return [...events, ...made, ...brought].filter(({ columns }) => columns.length > 0);
}

/** What is looked for in the catalogue. */
export interface Search {
  readonly q?: string | undefined;
  readonly column?: string | undefined;
  readonly tag?: string | undefined;
}

/** Entries that have all words of `q` somewhere, the column, and the tag. */
export function search(entries: readonly Entry[], { q = '', column, tag }: Search): Entry[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ name, description, owner = '', tags, columns }) => {
    const all = [name, description, owner, ...tags, ...columns.map((one) => one.name)].join(' ').toLowerCase();
    return (
      words.every((word) => all.includes(word)) &&
      (column === undefined || columns.some((one) => one.name === column.toLowerCase())) &&
      (tag === undefined || tags.includes(tag.toLowerCase()))
    );
  });
}
