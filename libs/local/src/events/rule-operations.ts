import { AwsError } from '../kernel/aws-error.ts';
import { page, read, type Operation } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { compilePattern } from './pattern.ts';
import type { Bus, Rule, Target } from './model.ts';
import type { Registry } from './registry.ts';
import { busNameOf, serviceOf, targetServices } from './send.ts';

type Input = Readonly<Record<string, unknown>>;

const maximumPage = 100;

/** The operations about rules, their targets, and buses. */
export function ruleOperations(kernel: Kernel, registry: Registry): Readonly<Record<string, Operation>> {
  const prefix = `arn:${kernel.partition}:events:${kernel.region}:${kernel.accountId}`;
  const bus = (input: Input): string => busNameOf(read.optionalText(input, 'EventBusName') ?? 'default');
  const find = (input: Input, name = 'Name'): Rule => registry.rule(bus(input), read.text(input, name));
  const onRule = (action: string, name = 'Name', run: Operation['run']): Operation => ({
    permissions: (input) => {
      const busName = bus(input);
      const resource = `${prefix}:rule/${busName === 'default' ? '' : `${busName}/`}${read.optionalText(input, name) ?? '*'}`;
      return [{ action: `events:${action}`, resource }];
    },
    run,
  });
  const onBus = (action: string, run: Operation['run']): Operation => ({
    permissions: (input) => [
      { action: `events:${action}`, resource: `${prefix}:event-bus/${busNameOf(read.optionalText(input, 'Name') ?? 'default')}` },
    ],
    run,
  });
  const everything = (action: string, run: Operation['run']): Operation => ({
    permissions: () => [{ action: `events:${action}`, resource: '*' }],
    run,
  });

  return {
    PutRule: onRule('PutRule', 'Name', (input) => {
      const rule = registry.putRule(bus(input), read.text(input, 'Name'), {
        description: read.optionalText(input, 'Description'),
        roleArn: read.optionalText(input, 'RoleArn'),
        eventPattern: read.optionalText(input, 'EventPattern'),
        scheduleExpression: read.optionalText(input, 'ScheduleExpression'),
        state: input['State'] ?? 'ENABLED',
      });
      return { RuleArn: rule.arn };
    }),
    DeleteRule: onRule('DeleteRule', 'Name', (input) => {
      const rule = registry.findRule(bus(input), read.text(input, 'Name'));
      if (rule && rule.targets.length > 0) throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      if (rule) registry.removeRule(rule.bus, rule.name);
      return {};
    }),
    DescribeRule: onRule('DescribeRule', 'Name', (input) => describeRule(find(input))),
    EnableRule: onRule('EnableRule', 'Name', (input) => setState(registry, find(input), 'ENABLED')),
    DisableRule: onRule('DisableRule', 'Name', (input) => setState(registry, find(input), 'DISABLED')),
    ListRules: onRule('ListRules', 'NamePrefix', (input) => {
      const start = read.optionalText(input, 'NamePrefix') ?? '';
      const rules = registry.rules(registry.bus(bus(input)).name).filter((rule) => rule.name.startsWith(start));
      const { items, ...more } = page(rules, read.optionalText(input, 'NextToken'), limit(input));
      return { Rules: items.map(describeRule), ...more };
    }),
    PutTargets: onRule('PutTargets', 'Rule', (input) => {
      const targets = read.list(input, 'Targets') as readonly Target[];
      const rule = find(input, 'Rule');
      for (const target of targets) warnOfTarget(kernel, rule, target);
      const put = new Map(rule.targets.map((target) => [target.Id, target]));
      for (const target of targets) put.set(target.Id, target);
      registry.setTargets(rule.bus, rule.name, [...put.values()]);
      return { FailedEntryCount: 0, FailedEntries: [] };
    }),
    RemoveTargets: onRule('RemoveTargets', 'Rule', (input) => {
      const rule = find(input, 'Rule');
      const ids = new Set(read.list(input, 'Ids'));
      registry.setTargets(
        rule.bus,
        rule.name,
        rule.targets.filter((target) => !ids.has(target.Id)),
      );
      const failed = [...ids].filter((id) => !rule.targets.some((target) => target.Id === id));
      const FailedEntries = failed.map((id) => ({
        TargetId: id,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${rule.name} does not have a target with id ${String(id)}.`,
      }));
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    }),
    ListTargetsByRule: onRule('ListTargetsByRule', 'Rule', (input) => {
      const { items, ...more } = page(find(input, 'Rule').targets, read.optionalText(input, 'NextToken'), limit(input));
      return { Targets: items, ...more };
    }),
    TestEventPattern: everything('TestEventPattern', (input) => {
      const matcher = compilePattern(read.text(input, 'EventPattern'));
      return { Result: matcher(testEvent(read.text(input, 'Event'))) };
    }),
    CreateEventBus: onBus('CreateEventBus', (input) => {
      const name = read.text(input, 'Name');
      if (registry.hasBus(name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      return { EventBusArn: registry.putBus(name, { description: read.optionalText(input, 'Description') }).arn };
    }),
    DeleteEventBus: onBus('DeleteEventBus', (input) => {
      const name = read.text(input, 'Name');
      if (registry.rules(name).length > 0)
        throw new AwsError('ValidationException', `Event bus ${name} can't be deleted since it has rules.`);
      registry.removeBus(name);
      return {};
    }),
    DescribeEventBus: onBus('DescribeEventBus', (input) =>
      describeBus(registry.bus(busNameOf(read.optionalText(input, 'Name') ?? 'default'))),
    ),
    ListEventBuses: everything('ListEventBuses', (input) => {
      const start = read.optionalText(input, 'NamePrefix') ?? '';
      const buses = registry.buses().filter((found) => found.name.startsWith(start));
      const { items, ...more } = page(buses, read.optionalText(input, 'NextToken'), limit(input));
      return { EventBuses: items.map(describeBus), ...more };
    }),
  };
}

/** Says it when the target of a rule is one that nothing here can deliver to. */
export function warnOfTarget(kernel: Kernel, rule: Rule, target: Target): void {
  if (targetServices.has(serviceOf(target.Arn))) return;
  const message = `Rule ${rule.name} has the target ${target.Arn}, to which the laptop cloud delivers no events. They go to the rule's dead-letter queue.`;
  kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
}

/** The resource policy of a bus, as JSON text. */
export function busPolicy(bus: Bus): string | undefined {
  const statements = Object.values(bus.statements);
  return statements.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement: statements }) : undefined;
}

function setState(registry: Registry, rule: Rule, state: Rule['state']): object {
  registry.putRule(rule.bus, rule.name, { ...rule, state });
  return {};
}

function describeRule(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
  };
}

function describeBus(bus: Bus): object {
  return { Name: bus.name, Arn: bus.arn, Description: bus.description, Policy: busPolicy(bus), CreationTime: bus.createdAt / 1000 };
}

/** TestEventPattern wants a whole event. */
function testEvent(text: string): Record<string, unknown> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    event = undefined;
  }
  const required = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];
  if (typeof event !== 'object' || event === null || !required.every((name) => Object.hasOwn(event, name)))
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Reason: it must be a JSON object with ${required.join(', ')}.`,
    );
  return event as Record<string, unknown>;
}

function limit(input: Input): number {
  return Math.max(1, Math.min(maximumPage, read.optionalNumber(input, 'Limit') ?? maximumPage));
}
