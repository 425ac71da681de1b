import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { ANSWER_BYTES, type AnswerSink } from './answer-sink.ts';
import { errorText } from './environment.ts';
import type { Fleet } from './fleet.ts';
import type { Functions, LambdaFunction, Target } from './functions.ts';
import type { FleetOutcome } from './pool.ts';
import { traceOf } from './trace.ts';

/** One run of a function, whoever asks for it. */
export interface Run {
  readonly type: 'RequestResponse' | 'Event' | 'mapping';
  /** JSON text. */
  readonly payload: string;
  /** Who asks, for people: `sqs:orders-queue`. */
  readonly trigger: string;
  readonly requestId?: string | undefined;
  readonly traceHeader?: string | undefined;
  readonly clientContext?: string | undefined;
  readonly onLog?: ((line: string) => void) | undefined;
  /** Takes the answer of a handler that streams, as it comes. */
  readonly sink?: AnswerSink | undefined;
}

export interface Ran extends FleetOutcome {
  readonly requestId: string;
  readonly executedVersion: string;
}

export interface Invoker {
  /**
   * Runs a function once, within its concurrency.
   * @param name as `Functions.resolve` takes it; looked up after `beforeInvoke`, so that the newest code runs
   * @throws {AwsError} `TooManyRequestsException`, `ResourceNotFoundException`
   */
  run(name: string, run: Run): Promise<Ran>;
  /** How many invocations of a function may run at once. */
  limitOf(fn: LambdaFunction): number;
  /** Calls back whenever an invocation has ended: there may be room again. Returns how to stop. */
  onRoom(listener: () => void): () => void;
}

/** Concurrency of a function without reserved concurrency, and of all together: AWS gives an account 1,000, a laptop has less memory. */
export const UNRESERVED_CONCURRENCY = 50;
export const ACCOUNT_CONCURRENCY = 250;

export function createInvoker(
  kernel: Kernel,
  functions: Functions,
  fleet: Fleet,
  beforeInvoke: ((functionName: string) => Promise<void> | undefined) | undefined,
): Invoker {
  let running = 0;
  const listeners = new Set<() => void>();
  const limitOf = (fn: LambdaFunction): number => fn.latest.configuration.reservedConcurrency ?? UNRESERVED_CONCURRENCY;

  const tell = (target: Target, run: Run, requestId: string, traceHeader: string | undefined, ended: FleetOutcome | 'throttled'): void => {
    const { service, functionName } = target.deployment.configuration;
    const known = { kind: 'invocation', at: kernel.now(), service, functionName, requestId, trigger: run.trigger, traceHeader } as const;
    if (ended === 'throttled') kernel.tell({ ...known, durationMs: 0, memoryMb: 0, outcome: 'throttled' });
    else {
      const memoryMb = Math.round(ended.heapBytes / 1024 / 1024);
      kernel.tell({
        ...known,
        durationMs: ended.durationMs,
        memoryMb,
        outcome: ended.kind,
        ...(ended.initMs === undefined ? {} : { initMs: ended.initMs }),
      });
    }
  };

  const throttle = (target: Target, run: Run, reason: string): AwsError => {
    tell(target, run, run.requestId ?? randomUUID(), run.traceHeader, 'throttled');
    return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason, Type: 'User' });
  };

  return {
    limitOf,
    onRoom(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async run(name, run) {
      const fresh = beforeInvoke?.(functions.resolve(name).fn.name);
      if (fresh !== undefined) await fresh;
      const target = functions.resolve(name);
      const { fn, deployment } = target;
      const fault = kernel.faults.onInvocation?.({ functionName: fn.name, type: run.type, payload: run.payload });
      if (fault?.kind === 'throttle' || fn.running >= limitOf(fn))
        throw throttle(target, run, 'ReservedFunctionConcurrentInvocationLimitExceeded');
      if (running >= ACCOUNT_CONCURRENCY) throw throttle(target, run, 'ConcurrentInvocationLimitExceeded');
      const requestId = run.requestId ?? randomUUID();
      const traceHeader = traceOf(run.traceHeader, kernel.now());
      fn.running += 1;
      running += 1;
      try {
        const invocation = { requestId, payload: run.payload, functionArn: target.arn, traceHeader, clientContext: run.clientContext };
        const once = async (): Promise<FleetOutcome> => bounded(await fleet.run(deployment, invocation, run.onLog, run.sink));
        if (fault?.kind === 'duplicate' && run.type === 'Event') tell(target, run, requestId, traceHeader, await once());
        const ended = fault?.kind === 'crash' ? crashed(requestId) : await once();
        const outcome = fault?.kind === 'timeout' ? timedOut(requestId, deployment.configuration.timeoutMs, ended) : ended;
        fn.lastError = outcome.kind === 'ok' ? fn.lastError : outcome.payload.slice(0, 2000);
        tell(target, run, requestId, traceHeader, outcome);
        return { ...outcome, requestId, executedVersion: deployment.version };
      } finally {
        fn.running -= 1;
        running -= 1;
        for (const listener of listeners) listener();
      }
    },
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function bounded(outcome: FleetOutcome): FleetOutcome {
  if (outcome.payload.length * 3 <= ANSWER_BYTES || (outcome.bytes?.length ?? Buffer.byteLength(outcome.payload)) <= ANSWER_BYTES)
    return outcome;
  const text = `Response payload size exceeded maximum allowed payload size (${String(ANSWER_BYTES)} bytes).`;
  return { ...outcome, kind: 'error', bytes: undefined, payload: errorText('Function.ResponseSizeTooLarge', text) };
}

/** A fault on purpose: the environment is gone before the handler has begun. */
function crashed(requestId: string): FleetOutcome {
  const payload = errorText('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`);
  return { kind: 'crash', payload, durationMs: 0, heapBytes: 0, initMs: undefined };
}

/** A fault on purpose: the handler has done its work, and its answer comes too late. */
function timedOut(requestId: string, timeoutMs: number, ended: FleetOutcome): FleetOutcome {
  const text = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return { ...ended, kind: 'timeout', payload: errorText('Sandbox.Timedout', text) };
}
