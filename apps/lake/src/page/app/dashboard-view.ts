import { type Dashboard, fillIn, type Panel } from '../dashboards/dashboard.ts';
import { drawChart } from './chart.ts';
import { h } from './dom.ts';
import { lake } from './lake.ts';

/** A dashboard, asked again as long as it is looked at. What was drawn stays until there is something newer. */
export function dashboardView({ title, about, every, panels }: Dashboard): HTMLElement {
  const fresh = h('span', { role: 'status', class: 'note' }, 'Asking …');
  const cards = panels.map((panel) => ({ panel, ...card(panel) }));
  const view = h(
    'div',
    {},
    h('h1', {}, title),
    h('p', { class: 'note' }, about, ' ', fresh),
    h('div', { class: 'panels' }, ...cards.map(({ element }) => element)),
  );

  const refresh = async (): Promise<void> => {
    // Two at a time: as many as one shard of questions answers.
    const queue = cards.values();
    const work = async (): Promise<void> => {
      for (const { panel, chart, note } of queue) await fill(panel, chart, note);
    };
    await Promise.all([work(), work()]);
    fresh.textContent = `As of ${new Date().toLocaleTimeString()}, asked again every ${every} s.`;
  };
  const next = async (): Promise<void> => {
    if (document.visibilityState === 'visible') await refresh();
    setTimeout(() => view.isConnected && void next(), every * 1000);
  };
  requestAnimationFrame(() => void next());
  return view;
}

function card({ title, sql, wide }: Panel) {
  const chart = h('div', { class: 'chart', role: 'img', 'aria-label': title, 'aria-busy': 'true' });
  const note = h('p', { class: 'note' });
  const link = h('a', { href: `#/ask?sql=${encodeURIComponent(fillIn(sql, new Date()))}`, 'aria-label': `Ask: ${title}` }, 'SQL');
  return { chart, note, element: h('article', { class: wide ? 'wide' : undefined }, h('h2', {}, title, link), chart, note) };
}

async function fill({ sql, chart: kind }: Panel, chart: HTMLElement, note: HTMLElement): Promise<void> {
  try {
    const { columns = [], rows = [], error } = await lake.ask(fillIn(sql, new Date()));
    note.textContent = error ?? (rows.length === 0 ? 'Nothing yet.' : '');
    if (rows.length > 0) await drawChart(chart, { kind, columns, rows });
  } catch (error) {
    note.textContent = (error as Error).message;
  }
  chart.setAttribute('aria-busy', 'false');
}
