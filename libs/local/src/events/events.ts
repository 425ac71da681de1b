import { AwsError } from '../kernel/aws-error.ts';
import type { Permission } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import { jsonService, read, type Operation } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { EventsPort, IamPort, LambdaPort, QueuePort, StateMachinePort, TopicPort } from '../kernel/ports.ts';
import { openState } from '../kernel/state.ts';
import { createAlarm } from './alarm.ts';
import { archiveOperations } from './archive-operations.ts';
import { createArchives } from './archives.ts';
import { createDeliveries } from './deliveries.ts';
import { isError, toEvent, type PutEntry } from './entry.ts';
import { createRegistry, type Registry } from './registry.ts';
import { createReplays } from './replays.ts';
import { resourceTypes } from './resource-types.ts';
import { createRouter, type Router } from './router.ts';
import { busPolicy, ruleOperations } from './rule-operations.ts';
import { createScheduler } from './scheduler.ts';
import { busNameOf, createSend } from './send.ts';

export interface EventsDependencies {
  /** Asked at each delivery: functions and events need each other. */
  readonly lambda: () => LambdaPort;
  readonly queues: QueuePort;
  readonly topics: Pick<TopicPort, 'publish'>;
  /** Asked at each delivery, as functions are. */
  readonly machines: () => Pick<StateMachinePort, 'start'>;
  readonly iam: IamPort;
  /** How long a target may take to take an event, in milliseconds. */
  readonly patienceMs?: number | undefined;
  /** From 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

export interface EventsEngine extends Engine {
  readonly events: EventsPort;
  /** Does everything that is due by the kernel's clock: schedules, retries, retention. Called by a timer; tests call it themselves. */
  runDue(): Promise<void>;
  /** When something is due next, in milliseconds since 1970. */
  nextDue(): number | undefined;
  /** Deliveries that wait for another attempt. */
  waiting(): number;
  /** Resolves when no replay runs. */
  replaysSettled(): Promise<void>;
}

const pruneEveryMs = 3_600_000;

/** EventBridge: buses, rules, targets, schedules, archives and replays. State in `<stateDirectory>/events.sqlite`. */
export async function createEvents(kernel: Kernel, dependencies: EventsDependencies): Promise<EventsEngine> {
  const state = openState(kernel.stateDirectory, 'events');
  const registry = createRegistry(kernel, state);
  const archives = createArchives(kernel, state);
  const send = createSend(kernel, {
    ...dependencies,
    policyOf: (bus) => (registry.hasBus(bus) ? busPolicy(registry.bus(bus)) : undefined),
    forward: (bus, event, passed) => router.put(bus, event, passed),
  });
  const deliveries = createDeliveries(kernel, state, {
    queues: dependencies.queues,
    send,
    random: dependencies.random ?? Math.random,
    onStored: () => alarm.reset(),
  });
  const router: Router = createRouter(kernel, state, { registry, archives, deliveries });
  const replays = createReplays(kernel, state, archives, router.put);
  const scheduler = createScheduler(kernel, registry, router.fire);
  let pruneAt = kernel.now();

  const underWay = new Set<Promise<unknown>>();
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    underWay.add(work);
    void work.catch(() => undefined).finally(() => underWay.delete(work));
    return work;
  };
  const runDue = async (): Promise<void> => {
    try {
      if (kernel.now() >= pruneAt) {
        pruneAt = kernel.now() + pruneEveryMs;
        archives.prune();
      }
      await Promise.all([scheduler.runDue(), deliveries.runDue()]);
    } catch (error) {
      const message = `EventBridge: ${error instanceof Error ? error.message : String(error)}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
    }
  };
  const nextDue = (): number | undefined => {
    const times = [scheduler.nextDue(), deliveries.nextDue()].filter((time) => time !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  };
  const alarm = createAlarm(kernel.now, nextDue, () => track(runDue()));
  registry.onChange(alarm.reset);
  replays.resume();

  const putEvents: Operation = {
    permissions: (input, { region }) => putPermissions(read.list(input, 'Entries') as readonly PutEntry[], registry, kernel, region),
    run: (input, call) => track(router.putEvents(read.list(input, 'Entries'), call)),
  };
  return {
    services: [
      jsonService(
        { signingName: 'events', targetPrefix: 'AWSEvents', jsonVersion: '1.1' },
        { PutEvents: putEvents, ...ruleOperations(kernel, registry), ...archiveOperations(kernel, { registry, archives, replays }) },
      ),
    ],
    resourceTypes: resourceTypes(kernel, registry, archives),
    events: {
      put: async (busName, { source, detailType, detail, resources, traceHeader }) => {
        const event = toEvent({ Source: source, DetailType: detailType, Detail: detail, Resources: resources }, kernel, true);
        if (isError(event)) throw new AwsError(event.ErrorCode, event.ErrorMessage);
        await track(router.put(busNameOf(busName), event, { traceHeader }));
      },
    },
    runDue: () => track(runDue()),
    nextDue,
    waiting: deliveries.waiting,
    replaysSettled: replays.settled,
    close: async () => {
      alarm.close();
      await replays.close();
      await Promise.allSettled(underWay);
      state.close();
    },
  };
}

/** One permission a bus, with the condition keys that AWS documents. */
function putPermissions(entries: readonly PutEntry[], registry: Registry, kernel: Kernel, region: string): Permission[] {
  const texts = (name: 'Source' | 'DetailType') => [...new Set(entries.map((entry) => String(entry[name] ?? '')))];
  const buses = new Set(entries.map((entry) => busNameOf(String(entry.EventBusName || 'default'))));
  const context = { 'events:source': texts('Source'), 'events:detail-type': texts('DetailType') };
  return [...buses].map((bus) => ({
    action: 'events:PutEvents',
    resource: `arn:${kernel.partition}:events:${region}:${kernel.accountId}:event-bus/${bus}`,
    context,
    resourcePolicy: registry.hasBus(bus) ? busPolicy(registry.bus(bus)) : undefined,
  }));
}
