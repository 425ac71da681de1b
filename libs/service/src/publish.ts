import { type AnyEventContract, encode, type Occurrence } from '@larder/contracts/wire';
import type * as z from 'zod/mini';
import { eventbridge } from './aws/eventbridge.ts';
import { optionalVariable } from './environment.ts';
import type { Cause } from './invocation.ts';
import { putEntries, type PutEntriesDeps } from './put-entries.ts';
import { realTiming } from './retry.ts';
import { toTraceHeader } from './trace.ts';

/**
 * Says on the bus itself, without an outbox, that something has happened. For a change that something durable repeats until this is done: a message in a queue, an object that
 * is deleted last. It can be said twice then, so `id` and `time` must be those of the change, and not new ones. Where no bus is configured nothing is said.
 *
 * @param event `id` names what happened, `time` is when.
 * @throws {ContractViolation} when the event breaks its contract.
 * @throws {KitError} what kept it from being published, after several attempts.
 */
export const publish = /* @__PURE__ */ directPublisher({ eventbridge, timing: realTiming });

/** {@link publish} with its world handed in. */
export function directPublisher(deps: PutEntriesDeps) {
  return async <Contract extends AnyEventContract>(
    contract: Contract,
    { id, time, data }: Pick<Occurrence<z.output<Contract['data']>>, 'id' | 'time' | 'data'>,
    { correlationId, causationId, traceparent }: Cause,
  ): Promise<void> => {
    const entry = encode(contract, { id, time, data, correlationId, causationId, traceparent });
    const bus = optionalVariable('BUS_NAME');
    if (!bus) return;
    const failure = await putEntries([{ ...entry, TraceHeader: toTraceHeader(traceparent) }], bus, deps);
    if (failure) throw failure.error;
  };
}
