import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import type { Ending, Execution, HistoryEvent } from './model.ts';

/** Executions of a state machine that have ended and are remembered. AWS forgets after 90 days. */
export const keptPerMachine = 1_000;

export interface RecordedEvent extends HistoryEvent {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Executions with their history, on disk before anything is done about them. */
export interface Store {
  add(execution: Execution): void;
  get(arn: string): Execution | undefined;
  running(machineArn?: string): Execution[];
  /** The newest first. */
  list(machineArn: string, status: string | undefined, page: { readonly offset: number; readonly limit: number }): Execution[];
  count(machineArn: string, status: string): number;
  end(arn: string, ending: Ending): void;
  record(arn: string, event: HistoryEvent): void;
  /** How many events an execution has. */
  length(arn: string): number;
  history(arn: string, page: { readonly offset: number; readonly limit: number; readonly newestFirst: boolean }): RecordedEvent[];
  /** With all that is known of its executions. */
  forget(machineArn: string): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS executions (number INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT UNIQUE, machine TEXT, status TEXT, value TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS executions_of ON executions (machine, status, number);
  CREATE TABLE IF NOT EXISTS history (arn TEXT, id INTEGER, at INTEGER, value TEXT NOT NULL, PRIMARY KEY (arn, id)) WITHOUT ROWID;
`;

export function createStore(kernel: Pick<Kernel, 'now'>, { sql, transaction }: State): Store {
  sql.exec(schema);
  const statement = {
    insert: sql.prepare('INSERT INTO executions (arn, machine, status, value) VALUES (?, ?, ?, ?)'),
    update: sql.prepare('UPDATE executions SET status = ?, value = ? WHERE arn = ?'),
    get: sql.prepare('SELECT value FROM executions WHERE arn = ?'),
    running: sql.prepare("SELECT value FROM executions WHERE status = 'RUNNING' AND (? IS NULL OR machine = ?) ORDER BY number"),
    list: sql.prepare('SELECT value FROM executions WHERE machine = ? AND (? IS NULL OR status = ?) ORDER BY number DESC LIMIT ? OFFSET ?'),
    count: sql.prepare('SELECT count(*) AS n FROM executions WHERE machine = ? AND status = ?'),
    old: sql.prepare("SELECT arn FROM executions WHERE machine = ? AND status <> 'RUNNING' ORDER BY number DESC LIMIT -1 OFFSET ?"),
    drop: sql.prepare('DELETE FROM executions WHERE arn = ?'),
    dropHistory: sql.prepare('DELETE FROM history WHERE arn = ?'),
    record: sql.prepare('INSERT INTO history (arn, id, at, value) SELECT ?, coalesce(max(id), 0) + 1, ?, ? FROM history WHERE arn = ?'),
    length: sql.prepare('SELECT coalesce(max(id), 0) AS n FROM history WHERE arn = ?'),
    oldest: sql.prepare('SELECT id, at, value FROM history WHERE arn = ? ORDER BY id LIMIT ? OFFSET ?'),
    newest: sql.prepare('SELECT id, at, value FROM history WHERE arn = ? ORDER BY id DESC LIMIT ? OFFSET ?'),
  };
  const parsed = (rows: readonly Record<string, unknown>[]): Execution[] => rows.map(({ value }) => JSON.parse(String(value)) as Execution);
  const dropOlder = (machineArn: string, kept: number): void => {
    for (const { arn } of statement.old.all(machineArn, kept)) {
      statement.drop.run(String(arn));
      statement.dropHistory.run(String(arn));
    }
  };
  const store: Store = {
    add: (execution) => void statement.insert.run(execution.arn, execution.machineArn, execution.status, JSON.stringify(execution)),
    get: (arn) => parsed(statement.get.all(arn))[0],
    running: (machineArn = null as never) => parsed(statement.running.all(machineArn, machineArn)),
    list: (machineArn, status, { offset, limit }) => parsed(statement.list.all(machineArn, status ?? null, status ?? null, limit, offset)),
    count: (machineArn, status) => Number(statement.count.get(machineArn, status)?.['n']),
    end: (arn, ending) => {
      const execution = store.get(arn);
      if (execution?.status !== 'RUNNING') return;
      transaction(() => {
        statement.update.run(ending.status, JSON.stringify({ ...execution, ...ending, stoppedAt: kernel.now() }), arn);
        dropOlder(execution.machineArn, keptPerMachine);
      });
    },
    record: (arn, event) => void statement.record.run(arn, kernel.now(), JSON.stringify(event), arn),
    length: (arn) => Number(statement.length.get(arn)?.['n']),
    history: (arn, { offset, limit, newestFirst }) =>
      (newestFirst ? statement.newest : statement.oldest)
        .all(arn, limit, offset)
        .map(({ id, at, value }) => ({ ...(JSON.parse(String(value)) as HistoryEvent), id: Number(id), at: Number(at) })),
    forget: (machineArn) =>
      transaction(() => {
        for (const execution of store.running(machineArn)) store.end(execution.arn, { status: 'ABORTED' });
        dropOlder(machineArn, 0);
      }),
  };
  return store;
}
