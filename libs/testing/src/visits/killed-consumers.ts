import type { FaultHook } from '@larder/local/kernel/faults';

const writes = new Set(['TransactWriteItems', 'PutItem', 'UpdateItem', 'PutObject']);
const consumers = /^clickstream-local-(countEvents|watchEvents)$|^lake-local-(keepPageEvents|refine)$/;
/** Which writes of each consumer are its last, by turns before and after they are made. */
const killedAt = new Map([2, 3, 5, 8, 13].map((nth, index) => [nth, index % 2 === 0 ? ('after' as const) : ('before' as const)]));

/** Kills whoever consumes what visitors do, in the middle of their work, five times each. */
export default function killedConsumers(): FaultHook {
  const counts = new Map<string, number>();
  return {
    onCall({ caller, operation }) {
      if (caller.kind !== 'function' || !consumers.test(caller.functionName) || !writes.has(operation)) return undefined;
      const nth = (counts.get(caller.functionName) ?? 0) + 1;
      counts.set(caller.functionName, nth);
      const when = killedAt.get(nth);
      return when && { kind: 'crash', when };
    },
  };
}
