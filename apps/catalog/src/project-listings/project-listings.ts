import { entriesOf, type Entry } from '../listing.ts';
import type { Product } from '../product.ts';

export interface ProjectListingsDeps {
  keep(entry: Entry): Promise<void>;
  drop(entry: Entry): Promise<void>;
}

/**
 * Brings the lists in line with a product that has changed. Doing it twice, or all over again into an empty table, gives the same lists.
 * A category stays in the list of categories when its last product goes: others may be on their way into it.
 */
export const projectListings =
  (deps: ProjectListingsDeps) =>
  async (change: { old?: Product | undefined; new?: Product | undefined }): Promise<void> => {
    const kept = change.new ? entriesOf(change.new) : [];
    const keys = new Set(kept.map(keyOf));
    const dropped = (change.old ? entriesOf(change.old) : []).filter((entry) => entry.list !== 'categories' && !keys.has(keyOf(entry)));
    await Promise.all([...kept.map(deps.keep), ...dropped.map(deps.drop)]);
  };

function keyOf({ list, position }: Entry): string {
  return `${list}\n${position}`;
}
