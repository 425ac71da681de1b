import type { Rule } from './rule.ts';
import { type Alert, createWatch, noWatch, type Timed } from './watch.ts';

export interface BackTest {
  readonly alerts: readonly Alert[];
  readonly rules: readonly RuleHistory[];
  /** Events of the history, each counted once. */
  readonly events: number;
  readonly duplicates: number;
}

/** What a rule would have said. */
export interface RuleHistory {
  readonly rule: string;
  readonly alerts: number;
  /** Different keys that had an alert. */
  readonly keys: number;
  /** Keys that were forgotten because there were too many: live would have forgotten others. */
  readonly evicted: number;
  /** Alerts by when their window ended, where there were some. */
  readonly over: readonly { readonly from: number; readonly alerts: number }[];
}

export interface BackTestOptions {
  readonly rules: readonly Rule[];
  /** What is to be judged ends here, in milliseconds; absent, with the last event. */
  readonly until?: number | undefined;
  /** How long a point of {@link RuleHistory.over} is. */
  readonly pointMs: number;
  readonly mostKeys?: number;
}

const batchSize = 10_000;

/**
 * Runs rules over history: the same engine as live, given events in their order and time as far as it went. What comes twice under one id counts once, when it came first. All events that a rule
 * looks at are held in memory.
 */
export function backTest({ rules, until, pointMs, mostKeys }: BackTestOptions) {
  return (history: Iterable<Timed>): BackTest => {
    const { events, all, newest } = inOrder(history);
    const watch = createWatch({ rules, outOfOrderMs: 0, idleMs: Number.MAX_SAFE_INTEGER, ...(mostKeys !== undefined && { mostKeys }) });
    const alerts: Alert[] = [];
    let state = noWatch;
    const end = until ?? newest;
    const counted = events.filter(({ at }) => at < end || until === undefined);
    for (let from = 0; from < counted.length; from += batchSize) {
      const taken = watch(state, { events: counted.slice(from, from + batchSize), shardId: 'history', sequenceNumber: String(from) }, 0);
      state = taken.state;
      alerts.push(...taken.alerts);
    }
    const last = watch(state, { shardId: 'history', sequenceNumber: String(counted.length), reached: end }, 0);
    alerts.push(...last.alerts);
    const histories = rules.map((rule) => toHistory(rule, alerts, pointMs, last.state.rules[`${rule.id}@${rule.version}`]?.evicted ?? 0));
    return { alerts, rules: histories, events: events.length, duplicates: all - events.length };
  };
}

function inOrder(history: Iterable<Timed>): { events: Timed[]; all: number; newest: number } {
  const first = new Map<string, Timed>();
  let [all, newest] = [0, 0];
  for (const one of history) {
    all += 1;
    if (one.at > newest) newest = one.at;
    const known = first.get(one.event.id);
    if (!known || one.at < known.at) first.set(one.event.id, one);
  }
  return { events: [...first.values()].sort((one, other) => one.at - other.at), all, newest };
}

function toHistory({ id, version }: Rule, all: readonly Alert[], pointMs: number, evicted: number): RuleHistory {
  const alerts = all.filter(({ ruleId, ruleVersion }) => ruleId === id && ruleVersion === version);
  const points = new Map<number, number>();
  for (const { window } of alerts) {
    const from = Math.floor(window.to / pointMs) * pointMs;
    points.set(from, (points.get(from) ?? 0) + 1);
  }
  return {
    rule: `${id}@${version}`,
    alerts: alerts.length,
    keys: new Set(alerts.map(({ key }) => JSON.stringify(key))).size,
    evicted,
    over: [...points].sort(([one], [other]) => one - other).map(([from, count]) => ({ from, alerts: count })),
  };
}
