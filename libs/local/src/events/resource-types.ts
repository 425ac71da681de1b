import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { Archives } from './archives.ts';
import type { Bus, Target } from './model.ts';
import type { Registry } from './registry.ts';
import { busPolicy, warnOfTarget } from './rule-operations.ts';
import { busNameOf } from './send.ts';

type Properties = ResourceRequest['properties'];

/** `AWS::Events::EventBus`, `::Rule`, `::EventBusPolicy` and `::Archive`. */
export function resourceTypes(kernel: Kernel, registry: Registry, archives: Archives): ResourceType[] {
  return [eventBus(registry), rule(kernel, registry), eventBusPolicy(registry), archive(registry, archives)];
}

function eventBus(registry: Registry): ResourceType {
  return {
    type: 'AWS::Events::EventBus',
    apply: async ({ properties }) => {
      const policy = properties['Policy'];
      const bus = registry.putBus(String(properties['Name']), {
        description: text(properties, 'Description'),
        ...(policy === undefined ? {} : { statements: statementsOf(policy) }),
      });
      return { physicalId: bus.name, attributes: { Arn: bus.arn, Name: bus.name, Policy: busPolicy(bus) } };
    },
    remove: async (physicalId) => {
      if (registry.hasBus(physicalId)) registry.removeBus(physicalId);
    },
  };
}

/** `Ref` is the rule's name, and on a custom bus `bus|name`. */
function rule(kernel: Kernel, registry: Registry): ResourceType {
  return {
    type: 'AWS::Events::Rule',
    apply: async (request) => {
      const { properties } = request;
      const bus = busNameOf(text(properties, 'EventBusName') ?? 'default');
      const pattern = properties['EventPattern'];
      const name = text(properties, 'Name') ?? generatedName(request, 64);
      const made = registry.putRule(bus, name, {
        description: text(properties, 'Description'),
        roleArn: text(properties, 'RoleArn'),
        eventPattern: pattern === undefined || typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
        scheduleExpression: text(properties, 'ScheduleExpression'),
        state: properties['State'] ?? 'ENABLED',
      });
      const targets = ((properties['Targets'] ?? []) as readonly Target[]).map(withNumbers);
      for (const target of targets) warnOfTarget(kernel, made, target);
      registry.setTargets(bus, name, targets);
      return { physicalId: bus === 'default' ? name : `${bus}|${name}`, attributes: { Arn: made.arn } };
    },
    remove: async (physicalId) => {
      const [first = '', second] = physicalId.split('|');
      registry.removeRule(second === undefined ? 'default' : first, second ?? first);
    },
  };
}

function eventBusPolicy(registry: Registry): ResourceType {
  return {
    type: 'AWS::Events::EventBusPolicy',
    apply: async ({ properties }) => {
      const bus = registry.bus(busNameOf(text(properties, 'EventBusName') ?? 'default'));
      const sid = String(properties['StatementId']);
      registry.putBus(bus.name, { statements: { ...bus.statements, [sid]: policyStatement(properties, sid, bus) } });
      return { physicalId: `${bus.name}|${sid}`, attributes: {} };
    },
    remove: async (physicalId) => {
      const [name = '', sid = ''] = physicalId.split('|');
      if (!registry.hasBus(name)) return;
      const { [sid]: _removed, ...statements } = registry.bus(name).statements;
      registry.putBus(name, { statements });
    },
  };
}

function archive(registry: Registry, archives: Archives): ResourceType {
  return {
    type: 'AWS::Events::Archive',
    apply: async (request) => {
      const { properties } = request;
      const bus = registry.bus(busNameOf(String(properties['SourceArn'])));
      const pattern = properties['EventPattern'];
      const made = archives.put(text(properties, 'ArchiveName') ?? generatedName(request, 48), bus.name, {
        description: text(properties, 'Description'),
        eventPattern: pattern === undefined || typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
        retentionDays: Number(properties['RetentionDays'] ?? 0),
      });
      return { physicalId: made.name, attributes: { Arn: made.arn, ArchiveName: made.name } };
    },
    remove: async (physicalId) => {
      if (archives.find(physicalId)) archives.remove(physicalId);
    },
  };
}

/** Templates may hold numbers as text. */
function withNumbers(target: Target): Target {
  const { RetryPolicy: policy } = target;
  if (!policy) return target;
  const numbers = Object.fromEntries(Object.entries(policy).map(([name, value]) => [name, Number(value)]));
  return { ...target, RetryPolicy: numbers };
}

function statementsOf(policy: unknown): Bus['statements'] {
  const document = (typeof policy === 'string' ? JSON.parse(policy) : policy) as { Statement?: unknown };
  const list = [document.Statement ?? []].flat() as { Sid?: string }[];
  return Object.fromEntries(list.map((statement, index) => [statement.Sid ?? `statement-${index}`, statement]));
}

/** The old form names an action and an account instead of a statement. */
function policyStatement(properties: Properties, sid: string, bus: Bus): unknown {
  if (properties['Statement'] !== undefined) return { Sid: sid, Resource: bus.arn, ...(properties['Statement'] as object) };
  const principal = properties['Principal'];
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${String(principal)}:root` },
    Action: properties['Action'],
    Resource: bus.arn,
    ...(properties['Condition'] === undefined ? {} : { Condition: properties['Condition'] }),
  };
}

function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null ? undefined : String(value);
}
