import { h } from './dom.ts';
import { number } from './format.ts';
import { type Drawing, seriesOf } from './to-option.ts';

interface Charts {
  draw(element: HTMLElement, drawing: Drawing): void;
}
let charts: Promise<Charts> | undefined;

/** Draws into an element. Charts are fetched when the first one is drawn. */
export async function drawChart(element: HTMLElement, drawing: Drawing): Promise<void> {
  if (drawing.kind === 'number') {
    const at = seriesOf([{ name: '', type: '' }, ...drawing.columns]).map((place) => place - 1)[0] ?? 0;
    element.replaceChildren(h('p', { class: 'number' }, number(Number(drawing.rows[0]?.[at] ?? 0))));
    return;
  }
  charts ??= import(document.documentElement.dataset['charts'] ?? '') as Promise<Charts>;
  (await charts).draw(element, drawing);
}
