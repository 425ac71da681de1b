import { createHash } from 'node:crypto';

/** What is recorded: who did what with which data. Nothing of what was found, and no text of a question, in which a visitor could stand. */
export interface AuditRecord {
  /** The same for the same: what is recorded once more changes nothing. */
  readonly ref: string;
  readonly at: string;
  readonly personId: string;
  readonly what: 'query-asked' | 'query-ended' | 'erasure-asked' | 'erasure-ended';
  /** The question or erasure that it is about, and what became of it. */
  readonly details: Readonly<Record<string, string | number | readonly string[]>>;
}

/** A record in its place. Its hash holds all that came before it. */
export interface AuditEntry extends AuditRecord {
  readonly chain: 'lake';
  readonly sequence: number;
  readonly previous: string;
  readonly hash: string;
}

export const beginning = '0'.repeat(64);

/** The next entry. @param last undefined for the first one. */
export function follow(last: Pick<AuditEntry, 'sequence' | 'hash'> | undefined, record: AuditRecord): AuditEntry {
  const placed = { chain: 'lake', sequence: (last?.sequence ?? 0) + 1, previous: last?.hash ?? beginning, ...record } as const;
  return { ...placed, hash: hashOf(placed) };
}

/** Where a chain is broken: the sequence of the first entry that does not follow from the one before it. Entries in order, from the first or from after `last`. */
export function brokenAt(entries: readonly AuditEntry[], last?: Pick<AuditEntry, 'sequence' | 'hash'>): number | undefined {
  let before = last;
  for (const entry of entries) {
    const { hash, ...placed } = entry;
    const expected = (before?.sequence ?? 0) + 1;
    if (entry.sequence !== expected || entry.previous !== (before?.hash ?? beginning) || hash !== hashOf(placed)) return expected;
    before = entry;
  }
  return undefined;
}

/** Of the members by their names, so that whoever writes them in another order comes to the same. */
function hashOf(placed: Omit<AuditEntry, 'hash'>): string {
  const ordered = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, ordered(item)])) // prettier-ignore
      : value;
  return createHash('sha256').update(JSON.stringify(ordered(placed))).digest('hex'); // prettier-ignore
}
