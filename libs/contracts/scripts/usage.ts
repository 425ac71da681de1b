import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What one service says in its serverless.yml about the contracts of others and its own. */
export interface Usage {
  readonly service: string;
  /** Event types, with the functions that receive them: `orders.OrderPlaced.v1` → `['reserveStock']`. */
  readonly subscribes: ReadonlyMap<string, readonly string[]>;
  readonly publishes: ReadonlyMap<string, readonly string[]>;
  /** Routes of other services: `catalog.getPrices` → `['placeOrder']`. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  /** Streams, without their versions: `clickstream.PageEvents` → `['countEvents']`. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

interface FunctionEntry {
  readonly events?: readonly {
    readonly subscribe?: string | { readonly event?: string; readonly type?: string };
    readonly streamRecords?: string;
  }[];
  readonly access?: readonly { readonly publish?: string; readonly call?: string }[];
}

/**
 * Reads how the services in a folder use the contracts.
 *
 * @param directory the folder of all services: `apps`.
 */
export function readUsage(directory: string): Usage[] {
  return readdirSync(directory)
    .map((name) => join(directory, name, 'serverless.yml'))
    .filter((file) => existsSync(file))
    .map((file) => toUsage(readFileSync(file, 'utf8')));
}

/** @param text a serverless.yml. */
export function toUsage(text: string): Usage {
  const { service, functions = {} } = parse(text) as { service: string; functions?: Record<string, FunctionEntry> };
  const entries = Object.entries(functions);
  const collect = (words: (entry: FunctionEntry) => readonly (string | undefined)[]) => {
    const uses = entries.flatMap(([name, entry]) => words(entry).flatMap((word) => (word ? [{ word, name }] : [])));
    return new Map([...Map.groupBy(uses, ({ word }) => word)].map(([word, group]) => [word, group.map(({ name }) => name)]));
  };
  return {
    service,
    subscribes: collect(({ events = [] }) => events.map(({ subscribe }) => (typeof subscribe === 'object' ? subscribe.event : subscribe))),
    publishes: collect(({ access = [] }) => access.map(({ publish }) => publish)),
    calls: collect(({ access = [] }) => access.map(({ call }) => call)),
    reads: collect(({ events = [] }) => events.map(({ streamRecords }) => streamRecords && toStreamName(service, streamRecords))),
  };
}

/** A stream of the service's own has no owner before its name; another's is named as its contract is. */
function toStreamName(service: string, written: string): string {
  return written.includes('.') ? written.replace(/\.v\d+$/, '') : `${service}.${written}`;
}
