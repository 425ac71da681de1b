import type { Database } from './database.ts';
import { createKey } from './dynalite.ts';
import { type Item, sameItem } from './item.ts';
import type { Records } from './records.ts';
import type { Table, TableIndex } from './table.ts';

/** What a write makes of one item. */
export interface Change {
  readonly key: string;
  readonly before: Item | undefined;
  /** Undefined when the item is deleted. */
  readonly after: Item | undefined;
}

/** The items of all tables, with their indexes and their streams. */
export interface Items {
  read(table: Table, key: string): Item | undefined;
  /** Writes an item, its index entries and its stream record: within a transaction, all or nothing. */
  write(table: Table, change: Change, deletedBy?: 'time to live'): void;
  /** Fills an index that was added to a table with items. */
  fill(table: Table, index: TableIndex): void;
  /** Notes when each item of a table expires, after the attribute that says so has changed. */
  noteExpiry(table: Table): void;
}

const piece = 500;

export function createItems(database: Database, records: Records): Items {
  function writeIndexes(table: Table, { key, before, after }: Change): void {
    for (const index of table.indexes) {
      const old = before && indexKey(table, index, before, key);
      const now = after && indexKey(table, index, after, key);
      if (old && old !== now) database.del(index.space, old);
      if (now) database.put(index.space, now, JSON.stringify(project(index, after!)), null);
    }
  }

  return {
    read: (table, key) => {
      const text = database.get(table.space, key);
      return text === undefined ? undefined : (JSON.parse(text) as Item);
    },
    write(table, change, deletedBy) {
      const { key, before, after } = change;
      if (after) database.put(table.space, key, JSON.stringify(after), expiryOf(table, after));
      else if (before) database.del(table.space, key);
      else return;
      if (table.indexes.length > 0) writeIndexes(table, change);
      if (table.description.LatestStreamArn && table.description.StreamSpecification?.StreamEnabled) {
        if (!before || !after || !sameItem(before, after)) records.append(table, change, deletedBy);
      }
    },
    fill(table, index) {
      for (const { key, value } of database.range(table.space, {}, piece)) {
        const item = JSON.parse(value) as Item;
        const entry = indexKey(table, index, item, key);
        if (entry) database.put(index.space, entry, JSON.stringify(project(index, item)), null);
      }
    },
    noteExpiry(table) {
      for (const { key, value } of database.range(table.space, {}, piece)) {
        database.put(table.space, key, value, expiryOf(table, JSON.parse(value) as Item));
      }
    },
  };
}

/**
 * Where an item stands in an index, or undefined when it lacks a key of the index or has one of another type (such an item is
 * not in it). The item's own key comes last and makes it unique: dynalite puts six digits of a hash there, which collide.
 */
export function indexKey(table: Table, index: TableIndex, item: Item, key: string): string | undefined {
  const { description } = table;
  const fits = index.keySchema.every(({ AttributeName }) => {
    const type = description.AttributeDefinitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType;
    return type !== undefined && item[AttributeName]?.[type] !== undefined;
  });
  return fits ? createKey(item, description, index.keySchema) + key : undefined;
}

/** Seconds since 1970, when the table has a time to live and the item a number in that attribute. */
function expiryOf(table: Table, item: Item): number | null {
  if (!table.timeToLive) return null;
  const number = Number(item[table.timeToLive]?.N ?? Number.NaN);
  return Number.isFinite(number) ? Math.trunc(number) : null;
}

function project(index: TableIndex, item: Item): Item {
  if (index.holds === 'ALL') return item;
  return Object.fromEntries(index.holds.filter((name) => item[name] !== undefined).map((name) => [name, item[name]!]));
}
