import type { Database } from './database.ts';
import type { Item } from './item.ts';
import type { Items } from './items.ts';
import type { Place, Table } from './table.ts';
import type { Tables } from './tables.ts';

/** How many items a table loses at most in one sweep, so that a sweep never holds up a request for long. */
const mostPerSweep = 500;
/** Items that expired more than five years ago stay: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
const fiveYears = 5 * 365 * 24 * 60 * 60;

/**
 * Deletes what has expired, a table after the other, the longest expired first. AWS does so "within a few days": nobody may count on
 * it, and until then the items are read as before.
 * @returns how many items were deleted.
 */
export function createSweep(
  database: Database,
  tables: Tables,
  items: Items,
  place: Place,
  commit: <Result>(work: () => Result) => Result,
): () => number {
  const expired = database.sql.prepare(
    'SELECT key, value FROM items WHERE space = ? AND expires IS NOT NULL AND expires BETWEEN ? AND ? ORDER BY expires LIMIT ?',
  );
  const sweep = (table: Table): number => {
    const now = Math.floor(place.now() / 1000);
    const rows = expired.all(table.space, now - fiveYears, now, mostPerSweep) as { key: string; value: string }[];
    if (rows.length === 0) return 0;
    commit(() => {
      for (const { key, value } of rows) items.write(table, { key, before: JSON.parse(value) as Item, after: undefined }, 'time to live');
    });
    return rows.length;
  };
  return () => {
    let deleted = 0;
    for (const table of tables.all()) if (table.timeToLive) deleted += sweep(table);
    return deleted;
  };
}
