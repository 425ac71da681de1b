import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Destinations } from './destinations.ts';
import { DEFAULT_EVENT_CONFIGURATION, type EventConfiguration } from './event-configuration.ts';
import type { Functions, Target } from './functions.ts';
import { toInvocationRecord } from './outcome-record.ts';
import type { Invoker, Ran } from './invoker.ts';
import type { Accepted, Store } from './store.ts';
import type { Timers } from './timers.ts';

/** Invocations whose caller does not wait: kept on disk until they have succeeded or are given up. */
export interface Asynchronous {
  /** Keeps the invocation and starts it when there is room; returns its request id. */
  accept(invocation: {
    target: string;
    payload: string;
    trigger: string;
    traceHeader?: string | undefined;
    clientContext?: string | undefined;
  }): string;
  /** Goes on with what is due, because the function is there, or again, or has room. */
  resume(functionName: string): void;
  /** The function is gone, and with it what waited for it. */
  abandon(functionName: string): void;
  /** Starts nothing more; what runs is still seen to its end. */
  pause(): void;
  /** What runs is cut off from now on, and is tried again after the next start. */
  close(): void;
}

/** Invocations of one function that are under way at once on behalf of its queue. */
const AT_ONCE = 50;
const SECOND_RETRY_MS = 120_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_BACKOFF_MS = 5 * 60_000;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export function createAsynchronous(
  kernel: Kernel,
  deps: { functions: Functions; invoker: Invoker; store: Store; timers: Timers; destinations: Destinations },
): Asynchronous {
  const { functions, invoker, store, timers, destinations } = deps;
  /** Ids under way, by function as called. */
  const underWay = new Map<string, Set<string>>();
  const alarms = new Map<string, () => void>();
  let paused = false;
  let closed = false;

  const idsOf = (target: string): Set<string> => {
    let ids = underWay.get(target);
    if (ids === undefined) underWay.set(target, (ids = new Set()));
    return ids;
  };

  const roomOf = (target: string): number => {
    const fn = functions.find(target);
    return fn === undefined ? 0 : Math.min(AT_ONCE, Math.max(1, invoker.limitOf(fn))) - idsOf(target).size;
  };

  const pump = (target: string): void => {
    const room = roomOf(target);
    if (paused || room <= 0) return;
    const ids = idsOf(target);
    // One moment for both questions: what becomes due between them would be forgotten.
    const now = kernel.now();
    for (const accepted of store.due(target, now, room + ids.size)) {
      if (ids.has(accepted.id) || ids.size >= AT_ONCE) continue;
      void attempt(accepted);
    }
    plan(target, now);
  };

  const plan = (target: string, now: number): void => {
    alarms.get(target)?.();
    alarms.delete(target);
    const due = store.nextDue(target, now);
    if (due !== undefined)
      alarms.set(
        target,
        timers.at(due, () => pump(target)),
      );
  };

  const attempt = async (accepted: Accepted): Promise<void> => {
    const ids = idsOf(accepted.target);
    ids.add(accepted.id);
    try {
      await tryOnce(accepted);
    } catch (error) {
      kernel.tell({
        kind: 'notice',
        at: kernel.now(),
        level: 'error',
        message: `An asynchronous invocation of ${accepted.target} was interrupted: ${String(error)}`,
      });
    } finally {
      ids.delete(accepted.id);
      pump(accepted.target);
    }
  };

  const tryOnce = async (accepted: Accepted): Promise<void> => {
    const target = functions.resolve(accepted.target);
    const configuration = target.fn.eventConfigurations.get(target.qualifier) ?? DEFAULT_EVENT_CONFIGURATION;
    const { id, payload, traceHeader, clientContext, trigger } = accepted;
    if (kernel.now() - accepted.acceptedAt > configuration.maximumEventAgeMs)
      return giveUp(accepted, target, configuration, 'EventAgeExceeded', undefined);
    let ran: Ran;
    try {
      ran = await invoker.run(accepted.target, { type: 'Event', payload, trigger, requestId: id, traceHeader, clientContext });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (closed) return;
      // Throttled: the event goes back, and comes again until it is too old.
      const throttles = accepted.throttles + 1;
      const dueAt = kernel.now() + Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** (throttles - 1));
      return store.postpone(id, { dueAt, attempts: accepted.attempts, throttles });
    }
    if (closed) return;
    const attempts = accepted.attempts + 1;
    if (ran.kind === 'ok') {
      await report({ ...accepted, attempts }, target, configuration.onSuccessArn, 'Success', ran);
      return store.forget(id);
    }
    if (attempts > configuration.maximumRetryAttempts)
      return giveUp({ ...accepted, attempts }, target, configuration, 'RetriesExhausted', ran);
    store.postpone(id, {
      dueAt: kernel.now() + (attempts === 1 ? FIRST_RETRY_MS : SECOND_RETRY_MS),
      attempts,
      throttles: accepted.throttles,
    });
  };

  const giveUp = async (
    accepted: Accepted,
    target: Target,
    configuration: EventConfiguration,
    condition: string,
    ran: Ran | undefined,
  ): Promise<void> => {
    await report(accepted, target, configuration.onFailureArn, condition, ran);
    const { deadLetterArn } = target.deployment.configuration;
    if (deadLetterArn !== undefined) {
      const letter = { payload: accepted.payload, requestId: accepted.id, traceHeader: accepted.traceHeader };
      const error =
        ran === undefined ? { errorCode: 429, errorMessage: 'Rate Exceeded.' } : { errorCode: 200, errorMessage: messageOf(ran.payload) };
      await destinations.sendDeadLetter(target.deployment, deadLetterArn, { ...letter, ...error });
    }
    store.forget(accepted.id);
  };

  const report = async (
    accepted: Accepted,
    target: Target,
    destinationArn: string | undefined,
    condition: string,
    ran: Ran | undefined,
  ): Promise<void> => {
    if (destinationArn === undefined) return;
    const outcome = condition === 'Success' ? 'Success' : 'Failure';
    const record = toInvocationRecord(kernel.now(), accepted, target, condition, ran);
    await destinations.send(
      target.deployment,
      destinationArn,
      record,
      `Lambda Function Invocation Result - ${outcome}`,
      accepted.traceHeader,
    );
  };

  return {
    accept({ target, payload, trigger, traceHeader, clientContext }) {
      const id = randomUUID();
      const now = kernel.now();
      const accepted = { id, target, payload, acceptedAt: now, dueAt: now, attempts: 0, throttles: 0, traceHeader, clientContext, trigger };
      store.accept(accepted);
      if (!paused && roomOf(target) > 0) void attempt(accepted);
      return id;
    },
    resume(functionName) {
      for (const target of store.targets()) if (functions.find(target)?.name === functionName) pump(target);
    },
    abandon(functionName) {
      for (const target of store.targets()) if (functions.find(target)?.name === functionName) store.forgetTarget(target);
    },
    pause() {
      paused = true;
      for (const cancel of alarms.values()) cancel();
    },
    close() {
      closed = true;
    },
  };
}

function messageOf(payload: string): string {
  const { errorMessage } = JSON.parse(payload) as { errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : payload;
}
