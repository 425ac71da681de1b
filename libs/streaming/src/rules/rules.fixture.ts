import { type Condition, readRule, type Rule } from './rule.ts';
import { type Alert, createWatch, noWatch, type Timed, type WatchBatch, type WatchState } from './watch.ts';

/** Seconds are told in tests; a rule of ten-second steps in windows of a minute unless told. */
export const ruleOf = (condition: Condition, more: Partial<Rule> = {}): Rule =>
  readRule({
    ...{ id: 'rule', version: 1, description: 'A rule.', severity: 'info', key: ['who'] },
    window: { kind: 'sliding', size: 60_000, every: 10_000 },
    ...{ coolDownMs: 600_000, evidence: 6, condition },
    ...more,
  });

export const event = (seconds: number, type = 'knock', more: object = {}): Timed => ({
  at: seconds * 1000,
  event: { id: `${type}-${seconds}`, type, who: 'ann', ...more } as Timed['event'],
});

/** Gives batches of one shard, with the state as JSON in between. */
export function watched(rules: readonly Rule[], options: { outOfOrderMs?: number; mostKeys?: number; gathers?: readonly Rule[] } = {}) {
  const watch = createWatch({ rules, outOfOrderMs: 0, idleMs: 1e12, ...options });
  let state: WatchState = noWatch;
  let sequence = 0;
  const alerts: Alert[] = [];
  const give = (events: readonly Timed[], more: Partial<WatchBatch> = {}) => {
    const taken = watch(state, { events, shardId: 'shard', sequenceNumber: String((sequence += 1)), ...more }, 0);
    state = JSON.parse(JSON.stringify(taken.state)) as WatchState;
    alerts.push(...taken.alerts);
    return taken;
  };
  const found = () => alerts.map(({ window, measured }) => [window.from / 1000, window.to / 1000, measured]);
  return { give, alerts, found, state: () => state, tick: (seconds: number) => give([], { reached: seconds * 1000 }) };
}
