import type { Context, EventBridgeEvent } from 'aws-lambda';
import { type Cause, toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import { toTraceparent } from './trace.ts';
import { ulid } from './ulid.ts';

/** A schedule's moment. */
export interface Tick {
  readonly id: string;
  /** The moment that the schedule means, which is the rule's clock: an invocation may come later, and more than once. */
  readonly time: Date;
  readonly cause: Cause;
}

/** Runs a rule by a `schedule:` event. A tick can come twice: its effects hang on conditions of their own. What it throws is retried as Lambda's asynchronous invocations are, twice unless the function is told otherwise. */
export function onSchedule(rule: (tick: Tick) => unknown): (event: EventBridgeEvent<string, unknown>, context: Context) => Promise<void> {
  return (event, context) => {
    const invocation = { ...toInvocation(context), correlationId: ulid(), causationId: event.id };
    const { correlationId, causationId, traceHeader } = invocation;
    return within(invocation, async () => {
      try {
        const cause = { correlationId, causationId, traceparent: toTraceparent(traceHeader) };
        await rule({ id: event.id, time: new Date(event.time), cause });
      } catch (error) {
        log.error('A scheduled run failed', { eventId: event.id }, error);
        throw error;
      }
    });
  };
}
