import { openSqlite } from '../kernel/sqlite.ts';

/** An asynchronous invocation that was accepted and has not yet succeeded or been given up. */
export interface Accepted {
  readonly id: string;
  /** The function, by name or ARN, as it was called. */
  readonly target: string;
  /** JSON text. */
  readonly payload: string;
  readonly acceptedAt: number;
  /** When it is to be tried, in milliseconds since 1970. */
  readonly dueAt: number;
  /** Tries that reached the function. */
  readonly attempts: number;
  /** Tries that did not. */
  readonly throttles: number;
  readonly traceHeader: string | undefined;
  readonly clientContext: string | undefined;
  readonly trigger: string;
}

/** What Lambda keeps, so that a start after a kill goes on where it was. */
export interface Store {
  accept(invocation: Accepted): void;
  postpone(id: string, later: Pick<Accepted, 'dueAt' | 'attempts' | 'throttles'>): void;
  forget(id: string): void;
  forgetTarget(target: string): void;
  due(target: string, now: number, limit: number): readonly Accepted[];
  nextDue(target: string, after: number): number | undefined;
  targets(): readonly string[];
  /** How far the lanes of a mapping have read a shard. */
  positions(mapping: string, shard: string): readonly { lane: string; position: string }[];
  setPosition(mapping: string, shard: string, lane: string, position: string): void;
  forgetShard(mapping: string, shard: string): void;
  forgetPositions(mapping: string): void;
  /** The number of a published version: the same for the same resource, one more for a new one. */
  versionNumber(functionName: string, resource: string): number;
  close(): void;
}

const SCHEMA = `
  create table if not exists invocations (id text primary key, target text not null, payload text not null, acceptedAt integer not null, dueAt integer not null,
    attempts integer not null, throttles integer not null, traceHeader text, clientContext text, "trigger" text not null) without rowid;
  create index if not exists invocationsByDue on invocations (target, dueAt);
  create table if not exists positions (mapping text not null, shard text not null, lane text not null, position text not null, primary key (mapping, shard, lane)) without rowid;
  create table if not exists versions (functionName text not null, resource text not null, number integer not null, primary key (functionName, resource)) without rowid;
`;

/** @param directory where `lambda.sqlite` is kept; undefined keeps it in memory. */
export function openStore(directory: string | undefined): Store {
  const { sql: db } = openSqlite(directory, 'lambda', SCHEMA);
  const accept = db.prepare('insert into invocations values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const postpone = db.prepare('update invocations set dueAt = ?, attempts = ?, throttles = ? where id = ?');
  const forget = db.prepare('delete from invocations where id = ?');
  const forgetTarget = db.prepare('delete from invocations where target = ?');
  const due = db.prepare('select * from invocations where target = ? and dueAt <= ? order by dueAt limit ?');
  const nextDue = db.prepare('select min(dueAt) as dueAt from invocations where target = ? and dueAt > ?');
  const targets = db.prepare('select distinct target from invocations');
  const positions = db.prepare('select lane, position from positions where mapping = ? and shard = ?');
  const setPosition = db.prepare('insert or replace into positions values (?, ?, ?, ?)');
  const forgetShard = db.prepare('delete from positions where mapping = ? and shard = ?');
  const forgetPositions = db.prepare('delete from positions where mapping = ?');
  const version = db.prepare('select number from versions where functionName = ? and resource = ?');
  const publish = db.prepare(
    'insert into versions select ?, ?, coalesce(max(number), 0) + 1 from versions where functionName = ? returning number',
  );
  return {
    accept: (i) =>
      void accept.run(
        i.id,
        i.target,
        i.payload,
        Math.floor(i.acceptedAt),
        Math.floor(i.dueAt),
        i.attempts,
        i.throttles,
        i.traceHeader ?? null,
        i.clientContext ?? null,
        i.trigger,
      ),
    postpone: (id, later) => void postpone.run(Math.floor(later.dueAt), later.attempts, later.throttles, id),
    forget: (id) => void forget.run(id),
    forgetTarget: (target) => void forgetTarget.run(target),
    due: (target, now, limit) => due.all(target, Math.floor(now), limit).map(toAccepted),
    nextDue: (target, after) => (nextDue.get(target, Math.floor(after))?.['dueAt'] as number | null | undefined) ?? undefined,
    targets: () => targets.all().map((row) => String(row['target'])),
    positions: (mapping, shard) =>
      positions.all(mapping, shard).map((row) => ({ lane: String(row['lane']), position: String(row['position']) })),
    setPosition: (mapping, shard, lane, at) => void setPosition.run(mapping, shard, lane, at),
    forgetShard: (mapping, shard) => void forgetShard.run(mapping, shard),
    forgetPositions: (mapping) => void forgetPositions.run(mapping),
    versionNumber: (functionName, resource) =>
      Number((version.get(functionName, resource) ?? publish.get(functionName, resource, functionName))?.['number']),
    close: () => db.close(),
  };
}

function toAccepted(row: Record<string, unknown>): Accepted {
  return {
    id: String(row['id']),
    target: String(row['target']),
    payload: String(row['payload']),
    acceptedAt: Number(row['acceptedAt']),
    dueAt: Number(row['dueAt']),
    attempts: Number(row['attempts']),
    throttles: Number(row['throttles']),
    traceHeader: (row['traceHeader'] as string | null) ?? undefined,
    clientContext: (row['clientContext'] as string | null) ?? undefined,
    trigger: String(row['trigger']),
  };
}
