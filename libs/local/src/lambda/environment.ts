import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { collectAnswer, type AnswerSink } from './answer-sink.ts';
import type { Bind, FromThread, Invoke, Taken, ThreadData } from './protocol.ts';

/** How an invocation ended. */
export interface Outcome {
  readonly kind: 'ok' | 'error' | 'timeout' | 'crash';
  /** JSON text: the answer, or `{errorType, errorMessage, trace}`. */
  readonly payload: string;
  readonly durationMs: number;
  /** The bytes of an answer that was streamed and that no sink took; `payload` is their text. */
  readonly bytes?: Buffer | undefined;
  /** Largest heap seen, in bytes; 0 when the environment did not live to tell. */
  readonly heapBytes: number;
}

export type Initialisation =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly kind: Outcome['kind']; readonly payload: string };

export interface Log {
  (requestId: string, text: string): void;
}

/** One execution environment: a thread that holds one function's code and runs one invocation at a time. */
export interface Environment {
  /** Gives the thread its function. Once, before the first `invoke`. */
  bind(message: Bind, options: { timeoutMs: number; log: Log }): Promise<Initialisation>;
  /** @param sink takes the answer of a handler that streams; without one it is kept, as far as an answer may be large */
  invoke(message: Invoke, timeoutMs: number, sink?: AnswerSink): Promise<Outcome>;
  /** The invocation that runs. */
  readonly running: Invoke | undefined;
  /** False once the thread has ended or is about to. */
  readonly alive: boolean;
  /** Called once, when the thread has ended for whatever reason. */
  onEnd: (() => void) | undefined;
  /** Ends the thread at once; an invocation that runs is answered as a crash. */
  end(): Promise<void>;
}

/** Compiled code is kept between starts: it halves the time of a cold start. */
const COMPILE_CACHE = join(tmpdir(), `larder-compile-cache-${String(process.getuid?.() ?? 'user')}`);

/**
 * Node ends a thread that passes its limit, as long as it is not passed by more than 16 MB at once: then the whole process ends. What a thread
 * has just made counts only when it is moved to the old generation, all of it at once, and by default there may be more of it than that.
 */
const YOUNG_MB = 32;

/**
 * Starts a thread that any function of the same memory size may be bound to.
 * @param memoryMb the limit of the thread's heap: code that needs more is ended, as Lambda does.
 */
export function startEnvironment(memoryMb: number): Environment {
  // Lambda's time zone. A thread has that of its process, whatever its own variables say.
  process.env['TZ'] = 'UTC';
  const logCharactersUnderWay = new SharedArrayBuffer(4);
  const underWay = new Int32Array(logCharactersUnderWay);
  const worker = new Worker(new URL('./runtime.ts', import.meta.url), {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
    workerData: { logCharactersUnderWay } satisfies ThreadData,
  });
  worker.unref();
  let log: Log = () => {};
  let initialised: ((result: Initialisation) => void) | undefined;
  let settle: ((outcome: Omit<Outcome, 'durationMs'>) => void) | undefined;
  let outOfMemory = false;
  let pieces: AnswerSink | undefined;

  const take = async ({ requestId, bytes, contentType }: Extract<FromThread, { kind: 'piece' }>): Promise<void> => {
    await pieces?.take(bytes, contentType);
    worker.postMessage({ kind: 'taken', requestId, bytes: bytes.length } satisfies Taken);
  };

  const ended = (payload: string): void => {
    environment.alive = false;
    initialised?.({ ok: false, kind: 'crash', payload });
    settle?.({ kind: 'crash', payload, heapBytes: 0 });
  };

  const environment = {
    running: undefined as Invoke | undefined,
    alive: true,
    onEnd: undefined as (() => void) | undefined,

    async bind(message: Bind, options: { timeoutMs: number; log: Log }): Promise<Initialisation> {
      log = options.log;
      const started = performance.now();
      const result = await new Promise<Initialisation>((resolve) => {
        const timer = setTimeout(() => {
          environment.alive = false;
          void worker.terminate();
          resolve({
            ok: false,
            payload: errorText('Sandbox.Timedout', `Error: Task timed out after ${seconds(options.timeoutMs)} seconds`),
            kind: 'timeout',
          });
        }, options.timeoutMs);
        initialised = (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        };
        if (environment.alive) worker.postMessage(message);
        else initialised({ ok: false, kind: 'crash', payload: exitText('', 1, false) });
      });
      initialised = undefined;
      return result.ok ? { ok: true, ms: performance.now() - started } : result;
    },

    async invoke(message: Invoke, timeoutMs: number, sink?: AnswerSink): Promise<Outcome> {
      const started = performance.now();
      const kept = collectAnswer();
      pieces = sink ?? kept;
      environment.running = message;
      const outcome = await new Promise<Omit<Outcome, 'durationMs'>>((resolve) => {
        const timer = setTimeout(() => {
          environment.alive = false;
          void worker.terminate();
          const text = `RequestId: ${message.requestId} Error: Task timed out after ${seconds(timeoutMs)} seconds`;
          settle?.({ kind: 'timeout', payload: errorText('Sandbox.Timedout', text), heapBytes: 0 });
        }, timeoutMs);
        settle = (result) => {
          clearTimeout(timer);
          settle = undefined;
          resolve(result);
        };
        if (environment.alive) worker.postMessage(message);
        else settle({ kind: 'crash', payload: exitText(message.requestId, 1, false), heapBytes: 0 });
      });
      environment.running = undefined;
      const bytes = outcome.kind === 'ok' ? kept.bytes() : undefined;
      const whole = bytes === undefined ? outcome : { ...outcome, bytes, payload: bytes.toString('utf8') };
      return { ...whole, durationMs: performance.now() - started };
    },

    async end(): Promise<void> {
      environment.alive = false;
      await worker.terminate();
    },
  };

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'log') {
      Atomics.sub(underWay, 0, message.text.length);
      log(message.requestId, message.text);
    } else if (message.kind === 'ready') initialised?.({ ok: true, ms: 0 });
    else if (message.kind === 'init-error') initialised?.({ ok: false, kind: 'error', payload: message.error });
    else if (message.requestId !== environment.running?.requestId) return;
    else if (message.kind === 'piece') void take(message);
    else {
      if (message.fatal) environment.alive = false;
      settle?.({ kind: message.fatal ? 'crash' : message.failed ? 'error' : 'ok', payload: message.payload, heapBytes: message.heapBytes });
    }
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (!outOfMemory) log(environment.running?.requestId ?? '', error.stack ?? error.message);
  });
  worker.on('exit', (code) => {
    ended(exitText(environment.running?.requestId ?? '', code, outOfMemory));
    environment.onEnd?.();
  });
  return environment;
}

/** How an invocation ends whose environment is gone, or never was. */
export function crash(reason: string): Outcome {
  return { kind: 'crash', payload: errorText('Runtime.ExitError', `Error: ${reason}`), durationMs: 0, heapBytes: 0 };
}

/** The body that Lambda answers with for an error that is not the function's own. */
export function errorText(errorType: string, errorMessage: string): string {
  return JSON.stringify({ errorType, errorMessage });
}

function exitText(requestId: string, code: number, outOfMemory: boolean): string {
  const reason = outOfMemory
    ? 'Runtime exited with error: signal: killed'
    : code === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${String(code)}`;
  return errorText('Runtime.ExitError', requestId === '' ? `Error: ${reason}` : `RequestId: ${requestId} Error: ${reason}`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
