import type { ErasureItem } from '../erasures-table.ts';
import type { QueryItem } from '../queries-table.ts';
import { type AuditEntry, type AuditRecord, brokenAt, follow } from './chain.ts';
import { toRecord } from './to-record.ts';
import { type Checkpoint, verify } from './verify.ts';

const recordOf = (number: number): AuditRecord => ({
  ...{ ref: `r-${number}`, at: '2026-11-02T09:30:00.000Z', personId: 'eve', what: 'query-asked', details: { queryId: `q-${number}` } },
});
const chain = (length: number): AuditEntry[] =>
  Array.from({ length }, (_, at) => recordOf(at)).reduce<AuditEntry[]>((all, one) => [...all, follow(all.at(-1), one)], []);

function world(entries: AuditEntry[], checkpoints: Checkpoint[] = []) {
  return verify({
    entriesAfter: async (sequence, limit) => entries.filter((entry) => entry.sequence > sequence).slice(0, limit),
    checkpoints: async () => checkpoints,
    keepCheckpoint: async (checkpoint) => void checkpoints.push(checkpoint),
  });
}

describe('the audit trail', () => {
  it('is whole when nobody has changed it, whatever order its members are read in', async () => {
    const entries = chain(1200).map((entry) => Object.fromEntries(Object.entries(entry).toReversed()) as unknown as AuditEntry);
    expect(await world(entries)()).toEqual({ entries: 1200 });
    expect(await world([])()).toEqual({ entries: 0 });
  });

  it.each([
    ['somebody else did it', (entries: AuditEntry[]) => entries.with(3, { ...(entries[3] as AuditEntry), personId: 'bob' })],
    ['it is not there', (entries: AuditEntry[]) => entries.toSpliced(3, 1)],
    [
      'it was made again, and those after it not',
      (entries: AuditEntry[]) => entries.with(3, follow(entries[2], { ...recordOf(9), personId: 'bob' })),
    ],
  ])('is broken where %s', async (_, change) => {
    const { broken } = await world(change(chain(10)))();
    expect([4, 5]).toContain(broken);
    expect(brokenAt(change(chain(10)))).toBe(broken);
  });

  it('that was made anew from some place on, or cut off, is found by what was written down before', async () => {
    const checkpoints: Checkpoint[] = [];
    await world(chain(10), checkpoints)();
    const before = chain(5);
    const anew = [6, 7, 8, 9, 10].reduce((all, number) => [...all, follow(all.at(-1), { ...recordOf(number), personId: 'bob' })], before);
    expect([brokenAt(anew), (await world(anew, checkpoints)()).broken]).toEqual([undefined, 10]);
    expect((await world(before, checkpoints)()).broken).toBe(6);
  });
});

describe('what is recorded', () => {
  const query: QueryItem = {
    queryId: 'q',
    personId: 'eve',
    teams: ['shop'],
    sql: `SELECT 's-secret'`,
    askedAt: '2026-11-02T09:30:00.000Z',
    status: 'QUEUED',
  };
  const erasure: ErasureItem = {
    erasureId: 'e',
    subject: 's-secret',
    status: 'QUEUED',
    personId: 'eve',
    askedAt: query.askedAt,
    zone: 0,
    changed: 2,
    searched: 0,
    found: 0,
  };

  it('is that somebody asked, what they read, and that a person was erased', () => {
    const answer = { columns: [], rowCount: 3, pages: 1, truncated: false, datasets: ['page_events'] };
    const records = [query, { ...query, status: 'RUNNING' }, { ...query, status: 'SUCCEEDED', answer, bytesScanned: 7 }, erasure, { ...erasure, status: 'ERASING' }, { ...erasure, status: 'ERASED' }] as const; // prettier-ignore
    expect(records.map((item) => toRecord(item)?.what)).toEqual([
      'query-asked',
      undefined,
      'query-ended',
      'erasure-asked',
      undefined,
      'erasure-ended',
    ]);
    expect(toRecord(records[2])?.details).toMatchObject({ datasets: ['page_events'], rows: 3, bytes: 7 });
  });

  it('has nothing of a visitor in it, so that nobody has to be erased from it', () => {
    expect(JSON.stringify([query, erasure, { ...erasure, status: 'ERASED' } as const].map(toRecord))).not.toContain('secret');
  });
});
