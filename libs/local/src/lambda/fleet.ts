import { availableParallelism } from 'node:os';
import type { IamPort } from '../kernel/ports.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { AnswerSink } from './answer-sink.ts';
import type { Deployment } from './configuration.ts';
import { crash, type Environment } from './environment.ts';
import { initialise } from './initialise.ts';
import { tellLog } from './logs.ts';
import { newPool, takeOverdue, type FleetOutcome, type Member, type Pool, type Waiting } from './pool.ts';
import type { Invoke } from './protocol.ts';
import { createSpares } from './spares.ts';

/** All execution environments: who has one, who waits for one, which are to end. */
export interface Fleet {
  /**
   * Runs an invocation in an idle environment of the version, or in the first that becomes free: one that ends its work, or a new one.
   * @param onLog every line that the invocation writes
   * @param sink takes the answer of a handler that streams
   */
  run(
    deployment: Deployment,
    invoke: Omit<Invoke, 'kind' | 'remainingMs'>,
    onLog?: (line: string) => void,
    sink?: AnswerSink,
  ): Promise<FleetOutcome>;
  /** Starts a thread for functions of this memory size, ahead of their first invocations. */
  spare(memoryMb: number): void;
  /** Initialises one environment of a version that has none, ahead of its first invocation. */
  prepare(deployment: Deployment): Promise<void>;
  /** The version is no longer called: ends its idle environments now and the others when they have ended their work. */
  retire(deployment: Deployment): Promise<void>;
  environments(deployment: Deployment): readonly Environment[];
  /** Waits until nothing runs, for a bounded time. */
  drain(ms: number): Promise<void>;
  /** Ends all environments at once. */
  close(): Promise<void>;
}

const IDLE_MS = 5 * 60_000;

/** What an invocation is answered that the end of the cloud leaves without an environment. */
const ENDED: FleetOutcome = { ...crash('The laptop cloud has ended'), initMs: undefined };

export function createFleet(kernel: Kernel, iam: IamPort): Fleet {
  const pools = new Map<Deployment, Pool>();
  /** Pools that want a new environment, in order. Starting is work for the processor: only as many at once as there are cores. */
  const wanted: Pool[] = [];
  const cores = Math.max(1, availableParallelism());
  let starting = 0;
  const spares = createSpares();
  let closed = false;

  const reaper = setInterval(() => reap(performance.now() - IDLE_MS), 30_000);
  reaper.unref();

  const poolOf = (deployment: Deployment): Pool => {
    let pool = pools.get(deployment);
    if (pool === undefined) {
      pools.set(deployment, (pool = newPool(deployment)));
    }
    return pool;
  };

  const dispatch = (pool: Pool): void => {
    while (pool.waiting.length > 0) {
      const member = pool.idle.pop();
      if (member === undefined) break;
      if (member.environment.alive) void work(pool, member, pool.waiting.shift() as Waiting);
    }
    if (pool.waiting.length > pool.starting) grow(pool);
    settle(pool);
  };

  /** Starts environments for those who have waited long enough, and looks again later for the others. */
  const grow = (pool: Pool): void => {
    if (pool.patience !== undefined || closed) return;
    for (let wish = impatient(pool) - pool.starting; wish > 0; wish -= 1) want(pool);
    if (pool.starting >= pool.waiting.length) return;
    pool.patience = setTimeout(() => {
      pool.patience = undefined;
      dispatch(pool);
    }, pool.startMs);
  };

  const work = async (pool: Pool, member: Member, { invoke, onLog, sink, resolve }: Waiting): Promise<void> => {
    pool.busy.add(member);
    member.onLog = onLog;
    const { timeoutMs } = pool.deployment.configuration;
    const outcome = await member.environment.invoke({ kind: 'invoke', ...invoke, remainingMs: timeoutMs }, timeoutMs, sink);
    // The thread did not live to say it.
    if (!member.environment.alive && outcome.heapBytes === 0)
      tellLog(kernel, pool.deployment.configuration, invoke.requestId, outcome.payload, onLog);
    member.onLog = undefined;
    const initMs = member.initMs;
    member.initMs = undefined;
    pool.busy.delete(member);
    if (!member.environment.alive) void quietly(member.environment.end());
    else if (pool.retired && pool.waiting.length === 0) void quietly(member.environment.end());
    else {
      member.idleSince = performance.now();
      pool.idle.push(member);
    }
    resolve({ ...outcome, initMs });
    dispatch(pool);
    reap(0);
  };

  const impatient = (pool: Pool): number => {
    const since = pool.busy.size > 0 ? performance.now() - pool.startMs : Infinity;
    return pool.waiting.filter((waiting) => waiting.since <= since).length;
  };

  const want = (pool: Pool): void => {
    pool.starting += 1;
    wanted.push(pool);
    pump();
  };

  const pump = (): void => {
    while (starting < cores) {
      const pool = wanted.shift();
      if (pool === undefined) return;
      // Others have ended their work meanwhile, and nobody waits any more.
      if (impatient(pool) === 0) {
        pool.starting -= 1;
        dispatch(pool);
        continue;
      }
      starting += 1;
      void start(pool).finally(() => {
        starting -= 1;
        pump();
      });
    }
  };

  const start = async (pool: Pool): Promise<void> => {
    const began = performance.now();
    const environment = spares.take(pool.deployment.configuration.memoryMb);
    const member: Member = { environment, idleSince: performance.now(), initMs: undefined, onLog: undefined };
    environment.onEnd = () => {
      const at = pool.idle.indexOf(member);
      if (at >= 0) pool.idle.splice(at, 1);
    };
    const initialised = await initialise(kernel, iam, pool.deployment, member).catch(
      (error: unknown) => ({ ok: false, ...crash(String(error)) }) as const,
    );
    pool.starting -= 1;
    pool.startMs = performance.now() - began;
    if (initialised.ok) {
      member.initMs = initialised.ms;
      if (closed || (pool.retired && pool.waiting.length === 0)) void quietly(environment.end());
      else pool.idle.push(member);
    } else {
      void quietly(environment.end());
      const { kind, payload } = initialised;
      tellLog(
        kernel,
        pool.deployment.configuration,
        pool.waiting[0]?.invoke.requestId ?? '',
        `Initialisation failed\t${payload}`,
        undefined,
      );
      pool.waiting.shift()?.resolve({ kind, payload, durationMs: 0, heapBytes: 0, initMs: undefined });
    }
    dispatch(pool);
    reap(0);
  };

  const reap = (before: number): void => {
    for (const member of takeOverdue(pools.values(), before)) void quietly(member.environment.end());
  };

  const settle = (pool: Pool): void => {
    if (pool.retired && pool.busy.size === 0 && pool.waiting.length === 0 && pool.starting === 0) {
      pools.delete(pool.deployment);
      pool.whenEmpty?.();
    }
  };

  return {
    run: (deployment, invoke, onLog, sink) =>
      new Promise((resolve) => {
        if (closed) return resolve(ENDED);
        const pool = poolOf(deployment);
        pool.waiting.push({ invoke, onLog, sink, resolve, since: performance.now() });
        dispatch(pool);
      }),
    spare: spares.fill,
    async prepare(deployment) {
      const pool = poolOf(deployment);
      if (closed || pool.idle.length + pool.busy.size + pool.starting > 0) return;
      pool.starting += 1;
      await start(pool);
    },
    async retire(deployment) {
      const pool = pools.get(deployment);
      if (pool === undefined) return;
      pool.retired = true;
      for (const { environment } of pool.idle.splice(0)) void quietly(environment.end());
      await new Promise<void>((resolve) => {
        pool.whenEmpty = resolve;
        settle(pool);
      });
    },
    environments(deployment) {
      const pool = pools.get(deployment);
      return pool === undefined ? [] : [...pool.idle, ...pool.busy].map((member) => member.environment);
    },
    async drain(ms) {
      const deadline = performance.now() + ms;
      const atWork = (): boolean => [...pools.values()].some((pool) => pool.busy.size + pool.waiting.length + pool.starting > 0);
      while (atWork() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    async close() {
      closed = true;
      clearInterval(reaper);
      const all = [...[...pools.values()].flatMap((pool) => [...pool.idle, ...pool.busy].map((member) => member.environment))];
      for (const { waiting } of pools.values()) for (const { resolve } of waiting.splice(0)) resolve(ENDED);
      pools.clear();
      await Promise.all([spares.close(), ...all.map((environment) => quietly(environment.end()))]);
    },
  };
}

/** Ending a thread that has ended is no error. */
async function quietly(ending: Promise<void>): Promise<void> {
  await ending.catch(() => {});
}
