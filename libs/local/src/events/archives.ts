import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';
import type { Archive, BusEvent } from './model.ts';

const dayMs = 86_400_000;

export interface ArchivedEvent {
  readonly minute: number;
  readonly id: string;
  readonly event: BusEvent;
  readonly traceHeader?: string | undefined;
}

export interface Archives {
  get(name: string): Archive;
  find(name: string): Archive | undefined;
  all(): readonly Archive[];
  put(name: string, bus: string, settings: Pick<Archive, 'description' | 'eventPattern' | 'retentionDays'>): Archive;
  remove(name: string): void;
  /** Keeps an event in all archives of its bus whose pattern it matches. */
  keep(bus: string, event: BusEvent, traceHeader: string | undefined): void;
  /** Number of events, and their size in bytes. */
  contents(name: string): { readonly events: number; readonly bytes: number };
  /** Events by minute, within a minute in no order of time: that is all that AWS promises of a replay. */
  read(
    name: string,
    range: { from: number; until: number; after?: { minute: number; id: string } | undefined },
    limit: number,
  ): readonly ArchivedEvent[];
  /** Forgets what is older than its archive keeps it. */
  prune(): void;
}

/** Archives of buses, kept on disk. */
export function createArchives(kernel: Kernel, state: State): Archives {
  state.sql.exec(`CREATE TABLE IF NOT EXISTS archived (
    archive TEXT, minute INTEGER, id TEXT, time INTEGER NOT NULL, kept INTEGER NOT NULL, size INTEGER NOT NULL, trace TEXT, value TEXT NOT NULL,
    PRIMARY KEY (archive, minute, id)) WITHOUT ROWID`);
  const archives = state.documents<Archive>('archive');
  const insert = state.sql.prepare('INSERT OR REPLACE INTO archived VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const removeAll = state.sql.prepare('DELETE FROM archived WHERE archive = ?');
  const removeOld = state.sql.prepare('DELETE FROM archived WHERE archive = ? AND kept < ?');
  const sum = state.sql.prepare('SELECT count(*) AS events, coalesce(sum(size), 0) AS bytes FROM archived WHERE archive = ?');
  const select = state.sql.prepare(`SELECT minute, id, trace, value FROM archived
    WHERE archive = ? AND (minute, id) > (?, ?) AND minute <= ? AND time >= ? AND time < ? ORDER BY minute, id LIMIT ?`);
  let byBus = new Map<string, { name: string; matches: EventMatcher }[]>();

  const ofBus = (bus: string): { name: string; matches: EventMatcher }[] => {
    let found = byBus.get(bus);
    if (!found) {
      found = archives
        .all()
        .filter((archive) => archive.bus === bus)
        .map(({ name, eventPattern }) => ({ name, matches: eventPattern === undefined ? () => true : compilePattern(eventPattern) }));
      byBus.set(bus, found);
    }
    return found;
  };

  return {
    get: (name) => {
      const archive = archives.get(name);
      if (!archive) throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
      return archive;
    },
    find: (name) => archives.get(name),
    all: () => archives.all(),
    put: (name, bus, settings) => {
      if (!/^[.\-_A-Za-z0-9]{1,48}$/.test(name))
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${name}' at 'archiveName' failed to satisfy constraint: at most 48 of A-Z a-z 0-9 . - _`,
        );
      if (!Number.isInteger(settings.retentionDays) || settings.retentionDays < 0)
        throw new AwsError('ValidationException', 'RetentionDays is a number of days, or 0 for ever.');
      if (settings.eventPattern !== undefined) compilePattern(settings.eventPattern);
      const arn = `arn:${kernel.partition}:events:${kernel.region}:${kernel.accountId}:archive/${name}`;
      const archive: Archive = { name, arn, bus, createdAt: archives.get(name)?.createdAt ?? kernel.now(), ...settings };
      archives.put(name, archive);
      byBus = new Map();
      return archive;
    },
    remove: (name) => {
      archives.delete(name);
      removeAll.run(name);
      byBus = new Map();
    },
    keep: (bus, event, traceHeader) => {
      for (const archive of ofBus(bus)) {
        if (!archive.matches(event)) continue;
        const text = JSON.stringify(event);
        const time = Date.parse(event.time);
        insert.run(
          archive.name,
          Math.floor(time / 60_000),
          event.id,
          time,
          kernel.now(),
          Buffer.byteLength(text),
          traceHeader ?? null,
          text,
        );
      }
    },
    contents: (name) => {
      const row = sum.get(name);
      return { events: Number(row?.['events']), bytes: Number(row?.['bytes']) };
    },
    read: (name, { from, until, after }, limit) => {
      const start = after ?? { minute: Math.floor(from / 60_000), id: '' };
      const rows = select.all(name, start.minute, start.id, Math.floor(until / 60_000), from, until, limit);
      return rows.map((row) => ({
        minute: Number(row['minute']),
        id: String(row['id']),
        event: JSON.parse(String(row['value'])) as BusEvent,
        traceHeader: row['trace'] === null ? undefined : String(row['trace']),
      }));
    },
    prune: () => {
      for (const { name, retentionDays } of archives.all())
        if (retentionDays > 0) removeOld.run(name, kernel.now() - retentionDays * dayMs);
    },
  };
}
