import { sql, StandardSQL } from '@codemirror/lang-sql';
import { Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { syntaxHighlighting } from '@codemirror/language';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import type { Datasets } from './lake.ts';

export interface Editor {
  readonly element: HTMLElement;
  text(): string;
  setText(text: string): void;
}

/** A field for SQL that knows tables and columns. @param onRun Ctrl or Cmd and Enter. */
export function createEditor(text: string, datasets: Datasets, onRun: () => void): Editor {
  const schema = Object.fromEntries(
    datasets.map(({ name, columns }) => [name, [...columns.map((column) => column.name), ...(name.endsWith('_events') ? ['hour'] : [])]]),
  );
  const [first] = datasets;
  const run = { key: 'Mod-Enter', run: () => (onRun(), true), preventDefault: true };
  const view = new EditorView({
    doc: text,
    extensions: [
      Prec.highest(keymap.of([run])),
      Prec.high(syntaxHighlighting(classHighlighter)),
      basicSetup,
      sql({ dialect: StandardSQL, schema, upperCaseKeywords: true, ...(first && { defaultTable: first.name }) }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
    ],
  });
  return {
    element: view.dom,
    text: () => view.state.doc.toString(),
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
  };
}
