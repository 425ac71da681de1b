import { ContractViolation } from '@larder/contracts/contract-violation';
import { type AnyEventContract, decode, type ReceivedEvent } from '@larder/contracts/wire';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Unprocessable } from './errors.ts';
import { type Cause, type Invocation, toInvocation, within } from './invocation.ts';
import { runLanes, type Task } from './lanes.ts';
import { log } from './log.ts';
import type { EventOnce } from './once.ts';
import { createQueue, type Queue } from './queue.ts';
import { fullJitter } from './retry.ts';
import { toTraceHeader } from './trace.ts';

/** An event as its rule sees it: a union that `type` tells apart when there are several contracts. */
export type Subscribed<Contract extends AnyEventContract> = ReceivedEvent<Contract> & {
  /** To be handed to `commit`: the effect happens once. */
  readonly once: EventOnce;
  /** To be handed to `commit`: what follows knows what it follows from. */
  readonly cause: Cause;
};

export type EventHandler = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export interface OnEventOptions {
  /** Messages at once, 10 unless told. Those about one subject are always taken one after the other. */
  readonly concurrency?: number;
  /** Milliseconds before the function's timeout at which what has not ended is given back, 1000 unless told. */
  readonly headroom?: number;
}

/**
 * Receives events from the function's queue (an SQS mapping with `ReportBatchItemFailures`, of bodies that EventBridge wrote).
 *
 * Messages about one subject are handled in the order of the batch, others at once. What can never succeed (no event, an event that breaks its contract, a rule that throws
 * {@link Unprocessable}) goes to the dead-letter queue at once, with the reason. Anything else that throws is given back and becomes visible again after a random time that grows
 * with every attempt, until the queue's own `maxReceiveCount`. A batch that would outlast the function's timeout gives back what has not ended.
 *
 * On a FIFO queue a failure holds back what follows it in its message group. On any other it does not: nothing promises order between two deliveries there.
 *
 * @param rule its effect belongs into one `commit` with `once`, because every event can come twice.
 */
export const onEvent = /* @__PURE__ */ eventReceiver({ queue: createQueue(), random: () => Math.random() });

/** {@link onEvent} with its world handed in. */
export function eventReceiver({ queue, random }: { queue: Queue; random: () => number }) {
  return <const Contract extends AnyEventContract>(
    contracts: Contract | readonly Contract[],
    rule: (event: Subscribed<Contract>) => unknown,
    { concurrency = 10, headroom = 1000 }: OnEventOptions = {},
  ): EventHandler => {
    const known = (Array.isArray(contracts) ? contracts : [contracts]) as readonly Contract[];

    const handle = (message: Message<Contract>, invocation: Invocation): Promise<void> => {
      const { event, record, violation } = message;
      if (violation) return within(invocation, () => bury(violation, record, invocation));
      const { functionName, requestId, remaining } = invocation;
      const { correlationId, id: causationId, traceparent } = event;
      const traceHeader = record.attributes.AWSTraceHeader ?? toTraceHeader(traceparent) ?? invocation.traceHeader;
      return within({ functionName, requestId, remaining, traceHeader, correlationId, causationId }, () =>
        attempt(event, record, invocation),
      );
    };

    const attempt = async (event: ReceivedEvent<Contract>, record: SQSRecord, invocation: Invocation): Promise<void> => {
      const { correlationId, id, traceparent } = event;
      const once: EventOnce = { kind: 'event', id: `event#${invocation.functionName}#${id}` };
      try {
        await rule({ ...event, once, cause: { correlationId, causationId: id, traceparent } });
      } catch (error) {
        if (error instanceof Unprocessable) return bury(error, record, invocation);
        log.error('An event failed, and will come again', { eventId: id, type: event.type, attempt: receivedTimes(record) }, error);
        throw error;
      }
    };

    const bury = async (reason: ContractViolation | Unprocessable, record: SQSRecord, { functionName }: Invocation): Promise<void> => {
      const fields = { messageId: record.messageId, code: reason.code };
      try {
        await queue.deadLetter(record, reason, functionName);
        log.error('An event can never succeed, and went to the dead-letter queue', fields, reason);
      } catch (error) {
        log.error('An event can never succeed, and could not be sent to the dead-letter queue', fields, error);
        throw error;
      }
    };

    const giveBack = async (unfinished: readonly Task<Message<Contract>>[]): Promise<void> => {
      for (const { item, state } of unfinished) {
        if (state === 'running' || state === 'waiting') {
          log.error('There was no time for an event, and it will come again', { messageId: item.record.messageId, reason: state });
        }
      }
      const delays = unfinished.map(({ item: { record }, state }) => ({
        record,
        seconds: state === 'waiting' ? 0 : Math.ceil(fullJitter(receivedTimes(record), 1, 120, random())),
      }));
      try {
        await queue.delay(delays);
      } catch (error) {
        log.warn('Messages will come again after the visibility timeout only', { count: delays.length }, error);
      }
    };

    return async (batch, context) => {
      const invocation = toInvocation(context);
      const messages = batch.Records.map((record) => read(record, known));
      const fifo = batch.Records[0]?.eventSourceARN.endsWith('.fifo') === true;
      const options = {
        laneOf: ({ record, event }: Message<Contract>) => (fifo ? record.attributes.MessageGroupId : event?.subject) ?? record.messageId,
        concurrency,
        holdAfterFailure: fifo,
        within: invocation.remaining() - headroom,
      };
      const tasks = await runLanes(messages, options, (message) => handle(message, invocation));
      const unfinished = tasks.filter(({ state }) => state !== 'done');
      if (unfinished.length > 0) await within(invocation, () => giveBack(unfinished));
      return { batchItemFailures: unfinished.map(({ item }) => ({ itemIdentifier: item.record.messageId })) };
    };
  };
}

type Message<Contract extends AnyEventContract> =
  | { readonly record: SQSRecord; readonly event: ReceivedEvent<Contract>; readonly violation: undefined }
  | { readonly record: SQSRecord; readonly event: undefined; readonly violation: ContractViolation };

function read<Contract extends AnyEventContract>(record: SQSRecord, contracts: readonly Contract[]): Message<Contract> {
  try {
    return { record, event: decode(contracts, JSON.parse(record.body)), violation: undefined };
  } catch (error) {
    if (error instanceof ContractViolation) return { record, event: undefined, violation: error };
    if (error instanceof SyntaxError)
      return { record, event: undefined, violation: new ContractViolation('NOT_JSON', 'The message is no JSON') };
    throw error;
  }
}

function receivedTimes(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount) || 1;
}
