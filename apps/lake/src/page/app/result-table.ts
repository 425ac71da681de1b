import { h } from './dom.ts';
import { number, text } from './format.ts';
import type { Answer } from './lake.ts';

/** Rows that are shown at once. */
const step = 200;

/** A table of an answer: sorted by a click on a column, and continued at its end. @param nextPage the rows after those that are here. */
export function resultTable(
  { columns = [], rows: given = [], rowCount = 0, cursor }: Answer,
  nextPage: (cursor: string) => Promise<Answer>,
): HTMLElement {
  let [rows, next, shown] = [[...given], cursor, step];
  let sorted: { readonly at: number; readonly down: boolean } | undefined;
  const body = h('tbody');
  const head = h('tr');
  const more = h('button', { type: 'button', onclick: () => void showMore() }, 'Show more');
  const count = h('p', { class: 'note' });

  const render = (): void => {
    const order = sorted ? inOrder(rows, sorted) : rows;
    head.replaceChildren(
      ...columns.map(({ name, type }, at) =>
        h(
          'th',
          {
            scope: 'col',
            class: typeof rows[0]?.[at] === 'number' ? 'figure' : undefined,
            'aria-sort': sorted?.at === at ? (sorted.down ? 'descending' : 'ascending') : 'none',
          },
          h('button', { type: 'button', title: type, onclick: () => sortBy(at) }, name),
        ),
      ),
    );
    body.replaceChildren(
      ...order
        .slice(0, shown)
        .map((row) =>
          h('tr', {}, ...row.map((value) => h('td', { class: typeof value === 'number' ? 'figure' : undefined }, text(value)))),
        ),
    );
    count.textContent = `${number(Math.min(shown, rows.length))} of ${number(rowCount)} rows`;
    more.hidden = shown >= rows.length && next === undefined;
  };
  const sortBy = (at: number): void => {
    sorted = { at, down: sorted?.at === at && !sorted.down };
    render();
  };
  const showMore = async (): Promise<void> => {
    // A page is fetched once, however often somebody clicks.
    if (more.disabled) return;
    more.disabled = true;
    await fetchMore().finally(() => (more.disabled = false));
  };
  const fetchMore = async (): Promise<void> => {
    shown += step;
    if (shown > rows.length && next !== undefined) {
      const page = await nextPage(next);
      rows = [...rows, ...(page.rows ?? [])];
      next = page.cursor;
    }
    render();
  };
  render();
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows of the answer' },
      h('table', {}, h('thead', {}, head), body),
    ),
    count,
    more,
  );
}

/** Rows by a column, with those that have nothing there last, up as down. */
export function inOrder<Row extends readonly unknown[]>(
  rows: readonly Row[],
  { at, down }: { readonly at: number; readonly down: boolean },
): Row[] {
  const isThere = (row: Row): boolean => row[at] !== null && row[at] !== undefined;
  const sorted = rows.filter(isThere).toSorted((a, b) => compare(a[at], b[at]));
  return [...(down ? sorted.toReversed() : sorted), ...rows.filter((row) => !isThere(row))];
}

/** Numbers by size, all else by its text; nothing comes last. */
export function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}
