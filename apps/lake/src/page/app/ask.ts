import { drawChart } from './chart.ts';
import { h } from './dom.ts';
import { createEditor } from './editor.ts';
import { ago, bytes, number } from './format.ts';
import { type Answer, type Datasets, lake } from './lake.ts';
import { resultTable } from './result-table.ts';
import { type ChartKind, chartKinds, kindOf } from './to-option.ts';

const example = 'SELECT type, count(*) AS events\nFROM page_events\nGROUP BY type\nORDER BY events DESC';

/** The part where questions are asked. @param sql a question to begin with. */
export function askView(datasets: Datasets, sql = example): HTMLElement {
  const state = h('p', { role: 'status', 'aria-live': 'polite', class: 'note' });
  const result = h('section', { 'aria-label': 'Answer' });
  const history = h('ol', { class: 'history' });
  const runButton = h('button', { type: 'button', class: 'main', onclick: () => void run() }, 'Run');
  const cancelButton = h('button', { type: 'button', disabled: true, onclick: () => void cancel() }, 'Cancel');
  const editor = createEditor(sql, datasets, () => void run());
  let running: string | undefined;

  async function run(): Promise<void> {
    if (runButton.disabled) return;
    const asked = editor.text();
    window.history.replaceState(undefined, '', `#/ask?sql=${encodeURIComponent(asked)}`);
    [runButton.disabled, cancelButton.disabled] = [true, false];
    const begun = performance.now();
    const tick = setInterval(() => (state.textContent = `Running, ${((performance.now() - begun) / 1000).toFixed(1)} s`), 100);
    try {
      const answer = await lake.ask(asked, { onStart: (queryId) => (running = queryId) });
      clearInterval(tick);
      state.textContent = summary(answer, performance.now() - begun);
      result.replaceChildren(
        ...(answer.status === 'SUCCEEDED'
          ? show(answer, running ?? '')
          : [h('pre', { class: 'problem', role: 'alert' }, answer.error ?? 'The question was cancelled.')]),
      );
    } catch (error) {
      state.textContent = '';
      result.replaceChildren(h('pre', { class: 'problem', role: 'alert' }, (error as Error).message));
    } finally {
      clearInterval(tick);
      [runButton.disabled, cancelButton.disabled, running] = [false, true, undefined];
      void showHistory();
    }
  }

  async function cancel(): Promise<void> {
    if (running !== undefined) await lake.cancel(running);
  }

  async function showHistory(): Promise<void> {
    const items = await lake.history();
    history.replaceChildren(
      ...items.map(({ sql: before, askedAt, status, rowCount }) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', onclick: () => editor.setText(before) },
            h('code', {}, before),
            h(
              'span',
              { class: 'note' },
              `${ago(askedAt, Date.now())} · ${status.toLowerCase()}${rowCount === undefined ? '' : ` · ${number(rowCount)} rows`}`,
            ),
          ),
        ),
      ),
    );
  }

  void showHistory().catch(() => undefined);
  return h(
    'div',
    { class: 'ask' },
    h('div', {}, h('h1', {}, 'Ask'), editor.element, h('p', { class: 'row' }, runButton, cancelButton, state), result),
    h('aside', { 'aria-label': 'Questions before' }, h('h2', {}, 'Before'), history),
  );
}

function summary({ status, rowCount = 0, bytesScanned = 0, truncated }: Answer, ms: number): string {
  if (status !== 'SUCCEEDED') return status === 'CANCELLED' ? 'Cancelled' : 'Failed';
  return `${number(rowCount)} rows${truncated ? ', and there are more' : ''} in ${(ms / 1000).toFixed(1)} s, ${bytes(bytesScanned)} read`;
}

/** An answer as a chart, where it can be one, as a table, and as files. */
function show(answer: Answer, queryId: string): HTMLElement[] {
  const { columns = [], rows = [] } = answer;
  const best = kindOf(columns, rows);
  const chart = h('div', { class: 'chart', role: 'img', 'aria-label': 'Chart of the answer' });
  const kinds = h(
    'select',
    { 'aria-label': 'Kind of chart', onchange: () => void draw() },
    ...chartKinds.filter((kind) => kind !== 'number').map((kind) => h('option', { selected: kind === best }, kind)),
  );
  const draw = (): Promise<void> => drawChart(chart, { kind: kinds.value as ChartKind, columns, rows });
  const file = async (format: string): Promise<void> => {
    const { url } = await lake.file(queryId, format);
    location.assign(url);
  };
  const files = ['csv', 'parquet', 'arrow'].map((format) =>
    h(
      'button',
      { type: 'button', onclick: () => void file(format) },
      format === 'csv' ? 'CSV' : format === 'parquet' ? 'Parquet' : 'Arrow',
    ),
  );
  if (best) requestAnimationFrame(() => void draw());
  return [
    ...(best ? [h('p', { class: 'row' }, kinds), chart] : []),
    resultTable(answer, (cursor) => lake.page(queryId, cursor)),
    h('p', { class: 'row' }, 'All of it as', ...files),
  ];
}
