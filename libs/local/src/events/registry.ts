import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import { compilePattern } from './pattern.ts';
import { checkTargetInput } from './input.ts';
import { ruleKey, type Bus, type Rule, type Target } from './model.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { parseSchedule } from './schedule.ts';

/** At most this many targets a rule. */
const maximumTargets = 5;

export interface Registry {
  bus(name: string): Bus;
  buses(): readonly Bus[];
  hasBus(name: string): boolean;
  putBus(name: string, change: { description?: string | undefined; statements?: Bus['statements'] }): Bus;
  removeBus(name: string): void;
  rule(bus: string, name: string): Rule;
  rules(bus?: string): readonly Rule[];
  findRule(bus: string, name: string): Rule | undefined;
  putRule(bus: string, name: string, settings: RuleSettings): Rule;
  setTargets(bus: string, name: string, targets: readonly Target[]): Rule;
  removeRule(bus: string, name: string): void;
  index(bus: string): RuleIndex;
  /** Called after any rule has changed. */
  onChange(listener: () => void): void;
}

export type RuleSettings = Pick<Rule, 'description' | 'roleArn' | 'eventPattern' | 'scheduleExpression'> & { readonly state?: unknown };

/** Buses and rules, kept on disk. Everything that comes in is checked as AWS checks it. */
export function createRegistry(kernel: Kernel, state: State): Registry {
  const buses = state.documents<Bus>('bus');
  const rules = state.documents<Rule>('rule');
  const indexes = new Map<string, RuleIndex>();
  const listeners: (() => void)[] = [];
  const prefix = `arn:${kernel.partition}:events:${kernel.region}:${kernel.accountId}`;

  const changed = (bus: string): void => {
    indexes.delete(bus);
    for (const listener of listeners) listener();
  };
  const keep = (rule: Rule): Rule => {
    rules.put(ruleKey(rule.bus, rule.name), rule);
    changed(rule.bus);
    return rule;
  };
  const rulesOf = (bus: string): Rule[] => rules.all().filter((rule) => rule.bus === bus);

  const registry: Registry = {
    bus: (name) => buses.get(name) ?? missing(`Event bus ${name} does not exist.`),
    buses: () => buses.all(),
    hasBus: (name) => buses.get(name) !== undefined,
    putBus: (name, change) => {
      checkName(name, 256, /^[/.\-_A-Za-z0-9]+$/, 'Name');
      const before = buses.get(name) ?? { name, arn: `${prefix}:event-bus/${name}`, createdAt: kernel.now(), statements: {} };
      const bus = { ...before, ...change };
      buses.put(name, bus);
      return bus;
    },
    removeBus: (name) => {
      if (name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      for (const rule of rulesOf(name)) rules.delete(ruleKey(name, rule.name));
      buses.delete(name);
      changed(name);
    },
    rule: (bus, name) => rules.get(ruleKey(bus, name)) ?? missing(`Rule ${name} does not exist on EventBus ${bus}.`),
    rules: (bus) => (bus === undefined ? rules.all() : rulesOf(bus)),
    findRule: (bus, name) => rules.get(ruleKey(bus, name)),
    putRule: (busName, name, settings) => {
      const bus = registry.bus(busName).name;
      checkName(name, 64, /^[.\-_A-Za-z0-9]+$/, 'Name');
      const { eventPattern, scheduleExpression, state: wanted = 'ENABLED' } = settings;
      if (eventPattern === undefined && scheduleExpression === undefined)
        throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
      if (eventPattern !== undefined) compilePattern(eventPattern);
      if (scheduleExpression !== undefined) {
        if (bus !== 'default') throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
        parseSchedule(scheduleExpression);
      }
      const before = rules.get(ruleKey(bus, name));
      const sameSchedule = before?.scheduleExpression === scheduleExpression;
      const rule: Rule = {
        name,
        arn: `${prefix}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`,
        bus,
        description: settings.description,
        roleArn: settings.roleArn,
        state: typeof wanted === 'string' && wanted.startsWith('ENABLED') ? 'ENABLED' : 'DISABLED',
        eventPattern,
        scheduleExpression,
        scheduledSince: scheduleExpression === undefined ? undefined : (sameSchedule && before?.scheduledSince) || kernel.now(),
        targets: before?.targets ?? [],
      };
      return keep(rule);
    },
    setTargets: (bus, name, targets) => {
      const rule = registry.rule(bus, name);
      for (const target of targets) checkTarget(target);
      if (targets.length > maximumTargets)
        throw new AwsError(
          'LimitExceededException',
          `The requested resource exceeds the maximum number allowed: ${maximumTargets} targets a rule.`,
        );
      return keep({ ...rule, targets });
    },
    removeRule: (bus, name) => {
      if (rules.delete(ruleKey(bus, name))) changed(bus);
    },
    index: (bus) => {
      let index = indexes.get(bus);
      if (!index) indexes.set(bus, (index = indexRules(rulesOf(bus))));
      return index;
    },
    onChange: (listener) => void listeners.push(listener),
  };
  if (!registry.hasBus('default')) registry.putBus('default', {});
  return registry;
}

function checkTarget(target: Target): void {
  checkName(String(target.Id ?? ''), 64, /^[.\-_A-Za-z0-9]+$/, 'targets.member.id');
  if (typeof target.Arn !== 'string' || !target.Arn.startsWith('arn:'))
    throw new AwsError(
      'ValidationException',
      `Parameter ${String(target.Arn)} is not valid. Reason: Provided Arn is not in correct format.`,
    );
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = target.RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw new AwsError('ValidationException', 'MaximumRetryAttempts is from 0 to 185.');
  if (age < 60 || age > 86_400) throw new AwsError('ValidationException', 'MaximumEventAgeInSeconds is from 60 to 86400.');
  checkTargetInput(target);
}

function checkName(name: string, longest: number, pattern: RegExp, parameter: string): void {
  if (name.length >= 1 && name.length <= longest && pattern.test(name)) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${name}' at '${parameter.toLowerCase()}' failed to satisfy constraint: ${pattern.source}, at most ${longest} characters`,
  );
}

function missing(message: string): never {
  throw new AwsError('ResourceNotFoundException', message);
}
