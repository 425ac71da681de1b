import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';
import { optionalVariable } from './environment.ts';

/** Why something happens: carried by every event that follows from it. */
export interface Cause {
  /** The same for everything that one request set in motion. */
  readonly correlationId: string;
  /** The id of the request or event at hand. */
  readonly causationId: string;
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
}

/** The work at hand: an invocation, or one message of its batch. Logs, calls and deadlines read it. */
export interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
  /** `X-Amzn-Trace-Id`. */
  readonly traceHeader?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** Milliseconds until Lambda ends the function. */
  readonly remaining: () => number;
}

const storage = /* @__PURE__ */ new AsyncLocalStorage<Invocation>();

/** The invocation that this code runs in; undefined outside one, as in a test. */
export function current(): Invocation | undefined {
  return storage.getStore();
}

/** Runs `work` as part of an invocation. */
export function within<Result>(invocation: Invocation, work: () => Result): Result {
  return storage.run(invocation, work);
}

/** What Lambda's context says of the invocation. The trace is the one that Lambda gives: its variable changes with every invocation. */
export function toInvocation(context: Context, correlationId?: string, causationId?: string): Invocation {
  return {
    functionName: context.functionName,
    requestId: context.awsRequestId,
    traceHeader: optionalVariable('_X_AMZN_TRACE_ID'),
    correlationId,
    causationId,
    remaining: () => context.getRemainingTimeInMillis(),
  };
}

/** Milliseconds that work may take, so that `headroom` is left to answer: at most `most`, and less when the invocation ends sooner. Never negative. */
export function timeLeft(most: number, headroom: number): number {
  const remaining = current()?.remaining() ?? Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(most, remaining - headroom));
}
