import { suggestion } from './nearest.ts';
import type { Scope } from './resolve.ts';
import type { Subscription } from './service.ts';
import type { SubscribeObject, SubscribeWord } from './words.ts';

const defaults = { batchSize: 10, concurrency: 10, maxReceiveCount: 5 };
type Setting = keyof typeof defaults;

/** Turns the `subscribe:` entries of one function into its one queue. */
export function resolveSubscription(where: string, words: readonly SubscribeWord[], scope: Scope): Subscription | undefined {
  const subscriptions = words.map((word): SubscribeObject => (typeof word === 'string' ? { event: word } : word));
  const events = subscriptions.flatMap(({ event: type }) => {
    const event = scope.events.find((contract) => contract.type === type);
    if (!event)
      scope.problem(
        where,
        `${type} is no contract${suggestion(
          type,
          scope.events.map((contract) => contract.type),
        )}`,
      );
    return event ?? [];
  });
  for (const event of new Set(events.filter((event, index) => events.indexOf(event) !== index))) {
    scope.problem(where, `subscribes to ${event.type} twice; once is enough.`);
  }
  if (events.length === 0) return undefined;
  return {
    events,
    batchSize: setting('batchSize', where, subscriptions, scope),
    concurrency: setting('concurrency', where, subscriptions, scope),
    maxReceiveCount: setting('maxReceiveCount', where, subscriptions, scope),
  };
}

function setting(name: Setting, where: string, subscriptions: readonly SubscribeObject[], scope: Scope): number {
  const values = [...new Set(subscriptions.flatMap((subscription) => subscription[name] ?? []))];
  if (values.length > 1) {
    scope.problem(where, `says ${values.join(' and ')} for '${name}', but all its events arrive in one queue; say it once.`);
  }
  return values[0] ?? defaults[name];
}
