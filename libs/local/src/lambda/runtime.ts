/**
 * Runs in the worker thread of an execution environment: loads a function's code and calls its handler, as Lambda's own runtime for Node.js does.
 * It imports next to nothing, because its start is a part of every cold start.
 */
import { flushCompileCache } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { loadHandler, named, STREAMING, type Callback, type Handler } from './load-handler.ts';
import type { Bind, FromThread, Invoke, ThreadData, ToThread } from './protocol.ts';
import { HttpResponseStream, ResponseStream, streamAnswer, type StreamingHandler } from './response-stream.ts';

const LOG_CHARACTERS_UNDER_WAY = 8 * 1024 * 1024;

if (parentPort === null) throw new Error('This file is started as a worker thread.');
const port = parentPort;
const underWay = new Int32Array((workerData as ThreadData).logCharactersUnderWay);
let handler: Handler | undefined;
let runtimeMajor = 24;
let requestId = '';
/** Of the invocation that runs, if its handler streams. */
let responseStream: ResponseStream | undefined;
/** True between a handler's call and its answer. */
let running = false;

const say = (message: FromThread): void => port.postMessage(message);

takeOutput();
process.on('uncaughtException', (error) => fail(error, 129));
process.on('unhandledRejection', (reason) => fail(unhandledRejection(reason), 128));
port.on('message', (message: ToThread) => {
  if (message.kind === 'bind') void bind(message);
  else if (message.kind === 'taken') {
    if (message.requestId === requestId) responseStream?.taken(message.bytes);
  } else void invoke(message);
});

async function bind(message: Bind): Promise<void> {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, message.environment);
  // An option of the command line that a thread can still follow after its start.
  if (message.environment['NODE_OPTIONS']?.includes('--enable-source-maps')) process.setSourceMapsEnabled(true);
  // A thread cannot change its folder: paths that `node:fs` is given as relative ones stay relative to the cloud's.
  process.cwd = () => message.taskRoot;
  runtimeMajor = message.runtimeMajor;
  defineAwslambda();
  try {
    handler = await loadHandler(message.taskRoot, message.handler, message.runtimeMajor);
  } catch (error) {
    return say({ kind: 'init-error', error: errorText(error) });
  }
  say({ kind: 'ready' });
  flushCompileCache();
}

async function invoke(message: Invoke): Promise<void> {
  requestId = message.requestId;
  running = true;
  process.env['_X_AMZN_TRACE_ID'] = message.traceHeader;
  try {
    let event: unknown;
    try {
      event = JSON.parse(message.payload);
    } catch (error) {
      throw named('Runtime.UnmarshalError', (error as Error).message);
    }
    if (handler === undefined) throw named('Runtime.HandlerNotFound', 'The function has no handler');
    const context = contextOf(message);
    if (STREAMING in handler) {
      const id = message.requestId;
      responseStream = new ResponseStream((bytes, contentType) =>
        port.postMessage({ kind: 'piece', requestId: id, bytes, contentType } satisfies FromThread, [bytes.buffer]),
      );
      await streamAnswer(handler as unknown as StreamingHandler, event, responseStream, context);
      return answer(id, '', false);
    }
    const result = runtimeMajor >= 24 ? await handler(event, context) : await withCallback(handler, event, context);
    answer(message.requestId, resultText(result), false);
  } catch (error) {
    const text = errorText(error);
    process.stderr.write(`Invoke Error\t${text}\n`);
    answer(message.requestId, text, true);
  }
}

/** Until Node.js 22 a handler could take a callback, and its answer waited until the event loop was empty. */
function withCallback(call: Handler, event: unknown, context: ReturnType<typeof contextOf>): Promise<unknown> {
  return new Promise((settle, reject) => {
    const whenEmpty = (act: () => void): void => {
      process.removeAllListeners('beforeExit');
      process.once('beforeExit', () => {
        port.ref();
        act();
      });
      port.unref();
    };
    const callback: Callback = (error, result) => {
      const act = (): void => (error === undefined || error === null ? settle(result) : reject(error));
      if (context.callbackWaitsForEmptyEventLoop === false) {
        process.removeAllListeners('beforeExit');
        port.ref();
        act();
      } else whenEmpty(act);
    };
    const legacy = { done: callback, succeed: (result: unknown) => callback(undefined, result), fail: (error: unknown) => callback(error) };
    const result = call(event, Object.assign(context, legacy), callback);
    if (isThenable(result)) result.then(settle, reject);
    // Nothing was called and nothing is left to do: Lambda answers null.
    else if (process.listenerCount('beforeExit') === 0 && running) whenEmpty(() => settle(null));
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function contextOf(message: Invoke) {
  const deadline = performance.now() + message.remainingMs;
  return {
    ...(runtimeMajor < 24 ? { callbackWaitsForEmptyEventLoop: true } : { callbackWaitsForEmptyEventLoop: undefined }),
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    clientContext: message.clientContext === undefined ? undefined : (JSON.parse(message.clientContext) as unknown),
    identity: undefined,
    invokedFunctionArn: message.functionArn,
    awsRequestId: message.requestId,
    xRayTraceId: message.traceHeader,
    getRemainingTimeInMillis: () => Math.round(deadline - performance.now()),
  };
}

function answer(id: string, payload: string, failed: boolean, fatal = false): void {
  if (!running || id !== requestId) return;
  running = false;
  const heap = getHeapStatistics();
  say({ kind: 'answer', requestId: id, payload, failed, fatal, heapBytes: heap.used_heap_size + heap.external_memory });
}

/** Nobody caught it: it answers the invocation that runs, and the environment ends. */
function fail(error: unknown, exitCode: number): void {
  const text = errorText(error);
  process.stderr.write(`${exitCode === 129 ? 'Uncaught Exception' : 'Unhandled Promise Rejection'}\t${text}\n`);
  if (handler === undefined) say({ kind: 'init-error', error: text });
  else answer(requestId, text, true, true);
  process.exit(exitCode);
}

/** The global that streaming handlers are declared with. */
function defineAwslambda(): void {
  const streamifyResponse = (call: object): object => Object.assign(call, { [STREAMING]: 'response' });
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream } });
}

/** What the code writes becomes log lines, in order with its answers. */
function takeOutput(): void {
  const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (Atomics.load(underWay, 0) < LOG_CHARACTERS_UNDER_WAY) {
      Atomics.add(underWay, 0, text.length);
      say({ kind: 'log', requestId, text });
    }
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback as () => void);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}

function resultText(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw named('Runtime.MarshalError', `Unable to stringify response body: ${String(error)}`);
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify({ errorType: typeof error, errorMessage: describe(error), trace: [] });
  const more = 'reason' in error ? { reason: error.reason } : {};
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, ...more, trace: (error.stack ?? '').split('\n') });
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return 'An object that has no JSON form was thrown';
  }
}

function unhandledRejection(reason: unknown): Error {
  const error = named(
    'Runtime.UnhandledPromiseRejection',
    describe(reason instanceof Error ? `${reason.name}: ${reason.message}` : reason),
  );
  return Object.assign(error, { reason: JSON.parse(errorText(reason)) as unknown });
}
