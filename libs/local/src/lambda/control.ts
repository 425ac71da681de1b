import type { CodeFolders } from './code-folders.ts';
import type { Fleet } from './fleet.ts';
import type { Functions } from './functions.ts';
import type { Timers } from './timers.ts';
import { parentOf } from './trace.ts';

/** A function as `status` and the console show it. */
export interface FunctionState {
  readonly name: string;
  readonly service: string;
  readonly arn: string;
  /** Threads that hold its code, and how many of them are at work. */
  readonly environments: number;
  readonly running: number;
  /** JSON text of the last answer that was an error of the code that runs now. */
  readonly lastError: string | undefined;
}

/** What the runner and tests may do to functions. */
export interface FunctionsControl {
  list(): readonly FunctionState[];
  /**
   * Ends an environment in the middle of its work, as a crash would.
   * @param invocation a request id, or the trace header that a call of the function carried; without it the invocation that began last
   * @returns whether there was one
   */
  crash(functionName: string, invocation?: string): boolean;
  /** Initialises an environment of every function that has none, one after the other, as Lambda does when it has the time: first requests are fast then. */
  prepare(): Promise<void>;
  /** Removes code on disk that no function runs: what was edited while no cloud ran has left some. */
  tidy(): Promise<void>;
  /** Looks at the clock again, after it was moved. */
  wake(): void;
}

export function createFunctionsControl({
  functions,
  fleet,
  codes,
  timers,
}: {
  functions: Functions;
  fleet: Fleet;
  codes: CodeFolders;
  timers: Timers;
}): FunctionsControl {
  const deploymentsOf = (name: string) => {
    const fn = functions.find(name);
    return fn === undefined ? [] : [fn.latest, ...fn.versions.values()];
  };
  return {
    list: () =>
      [...functions.all.values()].map((fn) => ({
        name: fn.name,
        service: fn.latest.configuration.service,
        arn: fn.arn,
        environments: deploymentsOf(fn.name).reduce((sum, deployment) => sum + fleet.environments(deployment).length, 0),
        running: fn.running,
        lastError: fn.lastError,
      })),
    crash(functionName, invocation) {
      const busy = deploymentsOf(functionName)
        .flatMap((deployment) => fleet.environments(deployment))
        .filter(({ running }) => running !== undefined);
      const parent = parentOf(invocation);
      const wanted =
        invocation === undefined
          ? busy.at(-1)
          : busy.find(
              ({ running }) => running?.requestId === invocation || (parent !== undefined && parentOf(running?.traceHeader) === parent),
            );
      if (wanted === undefined) return false;
      void wanted.end().catch(() => {});
      return true;
    },
    async prepare() {
      for (const { latest } of [...functions.all.values()]) await fleet.prepare(latest);
    },
    tidy: codes.tidy,
    wake: () => timers.wake(),
  };
}
