import { onTableChange } from '@larder/service/on-table-change';
import type { ErasureItem } from '../erasures-table.ts';
import type { QueryItem } from '../queries-table.ts';
import { record } from './audit-table.ts';
import { toRecord } from './to-record.ts';

/** Beside the way: a question waits for nothing of it, and nothing is lost of what a table's stream tells. */
export const handler = onTableChange<QueryItem | ErasureItem>(
  async (change) => {
    if (change.kind === 'removed') return;
    const what = toRecord(change.new);
    if (what) await record(what);
  },
  // There is one end of the chain.
  { concurrency: 1 },
);
