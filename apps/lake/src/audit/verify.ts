import { type AuditEntry, brokenAt } from './chain.ts';

export interface VerifyDeps {
  entriesAfter(sequence: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The heads that were written down before: the chain has to go through them. */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** Writes down where the chain ends now. */
  keepCheckpoint(checkpoint: Checkpoint): Promise<void>;
}

/** Where a chain ended at some time. */
export interface Checkpoint {
  readonly sequence: number;
  readonly hash: string;
}

export interface Verified {
  readonly entries: number;
  /** The first entry that is not what it was, or is not there. */
  readonly broken?: number;
}

const atOnce = 500;

/** Goes through all of the audit trail. Whoever changes an entry has to change all after it; the checkpoints, which stand elsewhere, show that too. */
export const verify =
  ({ entriesAfter, checkpoints, keepCheckpoint }: VerifyDeps) =>
  async (): Promise<Verified> => {
    const known = new Map((await checkpoints()).map(({ sequence, hash }) => [sequence, hash]));
    let last: AuditEntry | undefined;
    for (;;) {
      const entries = await entriesAfter(last?.sequence ?? 0, atOnce);
      const broken = brokenAt(entries, last) ?? entries.find(({ sequence, hash }) => (known.get(sequence) ?? hash) !== hash)?.sequence;
      if (broken !== undefined) return { entries: last?.sequence ?? 0, broken };
      last = entries.at(-1) ?? last;
      if (entries.length < atOnce) break;
    }
    const missing = [...known.keys()].find((sequence) => sequence > (last?.sequence ?? 0));
    if (missing !== undefined) return { entries: last?.sequence ?? 0, broken: (last?.sequence ?? 0) + 1 };
    if (last) await keepCheckpoint({ sequence: last.sequence, hash: last.hash });
    return { entries: last?.sequence ?? 0 };
  };
