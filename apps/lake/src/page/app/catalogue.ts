import { h } from './dom.ts';
import { ago, bytes, number } from './format.ts';
import type { Datasets } from './lake.ts';

type Dataset = Datasets[number];

/** Datasets that have all words somewhere: in their name, their description or a column. */
export function matching(datasets: Datasets, words: string): Dataset[] {
  const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
  return datasets.filter(({ name, description, columns }) => {
    const all = [name, description, ...columns.map((column) => column.name)].join(' ').toLowerCase();
    return sought.every((word) => all.includes(word));
  });
}

/** The part that shows what there is to ask. */
export function catalogueView(datasets: Datasets): HTMLElement {
  const list = h('div', { class: 'cards' });
  const show = (words: string): void => {
    const found = matching(datasets, words);
    list.replaceChildren(...(found.length > 0 ? found.map(card) : [h('p', { class: 'note' }, 'Nothing has these words.')]));
  };
  const search = h('input', {
    type: 'search',
    placeholder: 'Words or a column',
    'aria-label': 'Search datasets',
    oninput: () => show(search.value),
  });
  show('');
  return h('div', {}, h('h1', {}, 'Datasets'), search, list);
}

function card({ name, description, columns, rows, bytes: size, files, refreshedAt }: Dataset): HTMLElement {
  const facts =
    rows === undefined
      ? 'Made of other datasets when somebody asks'
      : `${number(rows)} rows · ${bytes(size ?? 0)} in ${number(files ?? 0)} files${refreshedAt === undefined ? '' : ` · ${ago(refreshedAt, Date.now())}`}`;
  const question = `SELECT * FROM ${name} LIMIT 100`;
  return h(
    'article',
    { 'aria-label': name },
    h('h2', {}, name),
    h('p', {}, description),
    h('p', { class: 'note' }, facts),
    h(
      'ul',
      { class: 'columns' },
      ...columns.map((column) => h('li', {}, h('code', {}, column.name), ' ', h('span', { class: 'note' }, column.type))),
    ),
    h('a', { href: `#/ask?sql=${encodeURIComponent(question)}` }, 'Ask it'),
  );
}
