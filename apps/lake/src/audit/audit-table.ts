import { commit, ConditionFailed } from '@larder/service/commit';
import { table } from '@larder/service/table';
import { ulid } from '@larder/service/ulid';
import { type AuditEntry, type AuditRecord, follow } from './chain.ts';

const audit = table<AuditEntry>('Audit');
const refs = table<{ readonly ref: string; readonly sequence: number }>('AuditRefs');

export async function lastEntry(): Promise<AuditEntry | undefined> {
  const { items } = await audit.query({
    where: '#chain = :lake',
    names: { '#chain': 'chain' },
    values: { ':lake': 'lake' },
    descending: true,
    limit: 1,
    consistent: true,
  });
  return items[0];
}

/** Entries after one, in order. */
export async function entriesAfter(sequence: number, limit: number): Promise<AuditEntry[]> {
  const where = '#chain = :lake AND #sequence > :after';
  const names = { '#chain': 'chain', '#sequence': 'sequence' };
  return (await audit.query({ where, names, values: { ':lake': 'lake', ':after': sequence }, limit, consistent: true })).items;
}

const attempts = 20;

/** Records something at the end of the chain, once. Who meets somebody else there takes the next place. */
export async function record(what: AuditRecord): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const entry = follow(await lastEntry(), what);
    try {
      await commit({
        cause: { correlationId: ulid(), causationId: what.ref },
        writes: [
          {
            Put: {
              TableName: refs.name,
              Item: { ref: what.ref, sequence: entry.sequence },
              ConditionExpression: 'attribute_not_exists(#ref)',
              ExpressionAttributeNames: { '#ref': 'ref' },
            },
          },
          {
            Put: {
              TableName: audit.name,
              Item: entry,
              ConditionExpression: 'attribute_not_exists(#sequence)',
              ExpressionAttributeNames: { '#sequence': 'sequence' },
            },
          },
        ],
      });
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.failed.includes(0)) return;
      if (attempt === attempts) throw error;
    }
  }
}
