import { datasets, type Dataset, type Row } from '../../apps/lake/src/datasets.ts';

/** The dataset of what visitors do. */
export const pages: Dataset = datasets[0] ?? fail();

function fail(): never {
  throw new TypeError('there is no dataset');
}

/** Rows as refining makes them: parsed, checked against the contract, with the columns of the table. */
export const toRows = (lines: readonly string[]): Row[] =>
  lines.map((line) => {
    const row = pages.toRow(line);
    if ('problem' in row) throw new TypeError(String(row.problem));
    return row as Row;
  });

/** What DuckDB alone makes of the lines: the same columns, nothing checked, nothing left out. */
export const selectOf = (
  lines: string,
): string => `SELECT id AS event_id, time AS event_time, type, sessionId AS session_id, productId AS product_id,
    quantity, page, words, orderId AS order_id, total.amount AS amount, total.currency AS currency, milliseconds
  FROM read_ndjson('${lines}', columns = {id: 'VARCHAR', time: 'TIMESTAMP', type: 'VARCHAR', sessionId: 'VARCHAR', productId: 'VARCHAR', quantity: 'INTEGER',
    page: 'VARCHAR', words: 'VARCHAR', orderId: 'VARCHAR', total: 'STRUCT(amount BIGINT, currency VARCHAR)', milliseconds: 'INTEGER'})`;
