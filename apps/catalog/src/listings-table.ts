import { table } from '@larder/service/table';
import type { Entry } from './listing.ts';

const listings = table<Entry>('Listings');

/** Entries of a list whose positions begin with a prefix, after a position, in order. */
export async function findEntries(
  list: string,
  { prefix, after, limit }: { prefix: string; after: string | undefined; limit: number },
): Promise<Entry[]> {
  const { items } = await listings.query({
    where: prefix === '' ? '#list = :list' : '#list = :list AND begins_with(#position, :prefix)',
    names: prefix === '' ? { '#list': 'list' } : { '#list': 'list', '#position': 'position' },
    values: prefix === '' ? { ':list': list } : { ':list': list, ':prefix': prefix },
    limit,
    after: after === undefined ? undefined : { list, position: after },
  });
  return items;
}

export async function keepEntry(entry: Entry): Promise<void> {
  await listings.put(entry);
}

export async function dropEntry({ list, position }: Entry): Promise<void> {
  await listings.delete({ list, position });
}
