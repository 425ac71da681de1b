import type { Call } from '../kernel/call.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import type { Archives } from './archives.ts';
import type { Deliveries } from './deliveries.ts';
import { entrySize, isError, toEvent, type EntryError, type PutEntry } from './entry.ts';
import type { BusEvent, Rule } from './model.ts';
import type { Registry } from './registry.ts';
import { busNameOf } from './send.ts';

const maximumEntries = 10;
const maximumBytes = 1024 * 1024;

export interface Passed {
  readonly traceHeader?: string | undefined;
  /** How many buses have sent the event on. */
  readonly hops?: number;
  /** ARNs of the only rules that may get the event: a replay's filter. */
  readonly onlyRules?: ReadonlySet<string> | undefined;
}

export interface Router {
  /** Resolves when each target of each matching rule has the event, or the delivery is on disk. */
  put(busName: string, event: BusEvent, passed: Passed): Promise<void>;
  /** Gives an event to a rule's targets, whatever its pattern. */
  fire(rule: Rule, event: BusEvent): Promise<void>;
  /** The operation PutEvents. */
  putEvents(entries: readonly unknown[], call: Call): Promise<{ FailedEntryCount: number; Entries: ({ EventId: string } | EntryError)[] }>;
}

/** Takes events, finds the rules that match, and hands each target its delivery. */
export function createRouter(
  kernel: Kernel,
  state: State,
  parts: { registry: Registry; archives: Archives; deliveries: Deliveries },
): Router {
  const { registry, archives, deliveries } = parts;

  const deliver = async (rules: readonly Rule[], event: BusEvent, passed: Passed): Promise<void> => {
    const ingestedAt = kernel.now();
    const { traceHeader, hops = 0 } = passed;
    const sends = rules.flatMap((rule) =>
      rule.targets.map((target) =>
        deliveries.deliver({ ruleArn: rule.arn, ruleName: rule.name, target, event, traceHeader, ingestedAt, hops }),
      ),
    );
    await Promise.all(sends);
  };

  const tell = (bus: string, event: BusEvent, rules: readonly Rule[]): void => {
    kernel.tell({ kind: 'event', at: kernel.now(), bus, event, matchedRules: rules.map((rule) => rule.name) });
  };

  const router: Router = {
    put: async (busName, event, passed) => {
      registry.bus(busName);
      const found = registry.index(busName).matching(event);
      const { onlyRules } = passed;
      const rules = onlyRules ? found.filter((rule) => onlyRules.has(rule.arn)) : found;
      tell(busName, event, rules);
      // Replayed events are in an archive already.
      if (event['replay-name'] === undefined) archives.keep(busName, event, passed.traceHeader);
      await deliver(rules, event, passed);
    },
    fire: async (rule, event) => {
      tell(rule.bus, event, [rule]);
      await deliver([rule], event, {});
    },
    putEvents: async (entries, call) => {
      checkEntries(entries);
      const results = state.transaction(() =>
        (entries as readonly PutEntry[]).map((entry) => {
          const event = toEvent(entry, kernel);
          return isError(event) ? event : { event, done: accept(entry, event, call) };
        }),
      );
      const Entries = await Promise.all(results.map(settle));
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    },
  };

  /** An event for a bus that does not exist is accepted and gone: AWS checks no names here. */
  const accept = (entry: PutEntry, event: BusEvent, call: Call): Promise<void> => {
    const busName = busNameOf(typeof entry.EventBusName === 'string' && entry.EventBusName !== '' ? entry.EventBusName : 'default');
    if (!registry.hasBus(busName)) {
      tell(busName, event, []);
      const message = `An event (${event['detail-type']}) was put on the bus ${busName}, which does not exist. AWS reports success, and so do we.`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
      return Promise.resolve();
    }
    const traceHeader = typeof entry.TraceHeader === 'string' ? entry.TraceHeader : call.traceHeader;
    return router.put(busName, event, { traceHeader });
  };

  return router;
}

async function settle(result: EntryError | { event: BusEvent; done: Promise<void> }): Promise<{ EventId: string } | EntryError> {
  if ('ErrorCode' in result) return result;
  try {
    await result.done;
    return { EventId: result.event.id };
  } catch (error) {
    return { ErrorCode: 'InternalFailure', ErrorMessage: error instanceof Error ? error.message : String(error) };
  }
}

function checkEntries(entries: readonly unknown[]): void {
  const refuse = (reason: string): never => {
    throw new AwsError('ValidationException', reason);
  };
  const constraint = (bound: string): string =>
    `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`;
  if (entries.length === 0) refuse(constraint('greater than or equal to 1'));
  if (entries.length > maximumEntries) refuse(constraint(`less than or equal to ${maximumEntries}`));
  if (!entries.every((entry) => typeof entry === 'object' && entry !== null)) refuse('Each entry must be an object.');
  const bytes = (entries as readonly PutEntry[]).reduce((size, entry) => size + entrySize(entry), 0);
  if (bytes > maximumBytes) refuse('Total size of the entries in the request is over the limit.');
}
