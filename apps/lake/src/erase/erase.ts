import type { ErasureItem } from '../erasures-table.ts';
import { sweep, type SweepDeps } from './sweep.ts';

export interface EraseDeps extends SweepDeps {
  findOpenErasures(): Promise<readonly ErasureItem[]>;
}

/** A person is erased so long after it was asked for, at most. Streams and queues hold what has not arrived for no longer than a day, but for dead letters. */
export const promised = 24 * 60 * 60_000;
/** So long after it, what still arrives of a person is not kept. Then their id is forgotten too. */
const remembered = 30 * 24 * 60 * 60_000;

/**
 * Goes on with what was asked for, the oldest first, and forgets whom it was about when nothing of them can arrive any more.
 *
 * @returns how many people were erased now, and how many should have been.
 * @throws {AggregateError} when some could not go on, after all others have.
 */
export const eraseAll = (deps: EraseDeps) => async (): Promise<{ readonly erased: number; readonly late: number }> => {
  const since = ({ askedAt }: ErasureItem): number => deps.now().getTime() - Date.parse(askedAt);
  let [erased, late] = [0, 0];
  const failures: unknown[] = [];
  for (const erasure of await deps.findOpenErasures()) {
    const { subject } = erasure;
    if (subject === undefined) continue;
    if (erasure.status === 'ERASED') {
      if (since(erasure) > remembered) await deps.keep({ ...erasure, subject: undefined, open: undefined });
      continue;
    }
    // One that fails holds up no other.
    const status = await sweep(deps)({ ...erasure, subject }).then(
      (swept) => swept.status,
      (error: unknown) => void failures.push(error),
    );
    if (status === 'ERASED') erased += 1;
    else if (since(erasure) > promised) late += 1;
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} erasures could not go on`, { cause: failures[0] });
  return { erased, late };
};
