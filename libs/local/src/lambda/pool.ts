import type { AnswerSink } from './answer-sink.ts';
import type { Deployment } from './configuration.ts';
import type { Environment, Outcome } from './environment.ts';
import type { Invoke } from './protocol.ts';

export interface FleetOutcome extends Outcome {
  /** Set on the first invocation of an environment. */
  readonly initMs: number | undefined;
}

/** An invocation that waits for an environment. */
export interface Waiting {
  readonly invoke: Omit<Invoke, 'kind' | 'remainingMs'>;
  readonly onLog: ((line: string) => void) | undefined;
  /** Takes the answer of a handler that streams. */
  readonly sink: AnswerSink | undefined;
  readonly resolve: (outcome: FleetOutcome) => void;
  readonly since: number;
}

export interface Member {
  readonly environment: Environment;
  idleSince: number;
  initMs: number | undefined;
  onLog: ((line: string) => void) | undefined;
}

/** The environments of one version. */
export interface Pool {
  readonly deployment: Deployment;
  readonly idle: Member[];
  readonly busy: Set<Member>;
  readonly waiting: Waiting[];
  starting: number;
  /**
   * How long the newest start took. A busy environment has as long to become free before another is started beside it, which would not be ready sooner; so the busier the
   * machine, the fewer are started. Lambda, too, gives a waiting invocation to whichever environment is ready first.
   */
  startMs: number;
  /** Set while somebody waits for a busy environment. */
  patience: NodeJS.Timeout | undefined;
  retired: boolean;
  whenEmpty: (() => void) | undefined;
}

/** Until one has been started. */
const FIRST_START_MS = 15;

export function newPool(deployment: Deployment): Pool {
  return {
    deployment,
    idle: [],
    busy: new Set(),
    waiting: [],
    starting: 0,
    startMs: FIRST_START_MS,
    patience: undefined,
    retired: false,
    whenEmpty: undefined,
  };
}

/** Idle environments beyond this number end, the longest unused first. */
const IDLE_LIMIT = 64;

/** Takes out of their pools the environments that have been idle since before a moment, and the longest unused beyond the limit. */
export function takeOverdue(pools: Iterable<Pool>, before: number): Member[] {
  const all = [...pools];
  let count = 0;
  for (const pool of all) count += pool.idle.length;
  if (before === 0 && count <= IDLE_LIMIT) return [];
  const idle = all.flatMap((pool) => pool.idle.map((member) => ({ pool, member })));
  idle.sort((a, b) => a.member.idleSince - b.member.idleSince);
  const staying = idle.findIndex(({ member }, index) => member.idleSince >= before && idle.length - index <= IDLE_LIMIT);
  const overdue = staying < 0 ? idle : idle.slice(0, staying);
  for (const { pool, member } of overdue) pool.idle.splice(pool.idle.indexOf(member), 1);
  return overdue.map(({ member }) => member);
}
