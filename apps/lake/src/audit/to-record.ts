import { createHash } from 'node:crypto';
import type { ErasureItem } from '../erasures-table.ts';
import type { QueryItem } from '../queries-table.ts';
import type { AuditRecord } from './chain.ts';

/** What a change of a question or of an erasure is in the audit: nothing, while it is on its way. */
export function toRecord(item: QueryItem | ErasureItem): AuditRecord | undefined {
  if ('queryId' in item) {
    const { queryId, personId, teams, sql, status, answer, bytesScanned, askedAt } = item;
    const common = { personId, at: askedAt };
    if (status === 'QUEUED') {
      const question = createHash('sha256').update(sql).digest('hex');
      return { ...common, ref: `${queryId}#asked`, what: 'query-asked', details: { queryId, teams, question } };
    }
    if (status === 'RUNNING') return undefined;
    const details = { queryId, status, ...(answer && { datasets: answer.datasets, rows: answer.rowCount, bytes: bytesScanned ?? 0 }) };
    return { ...common, ref: `${queryId}#ended`, what: 'query-ended', details };
  }
  const { erasureId, personId, askedAt, erasedAt, status, changed } = item;
  if (status === 'QUEUED') return { ref: `${erasureId}#asked`, at: askedAt, personId, what: 'erasure-asked', details: { erasureId } };
  if (status !== 'ERASED') return undefined;
  return { ref: `${erasureId}#ended`, at: erasedAt ?? askedAt, personId, what: 'erasure-ended', details: { erasureId, changed } };
}
