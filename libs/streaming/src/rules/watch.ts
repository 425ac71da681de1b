import { createHash } from 'node:crypto';
import { isLater } from '../sequence-number.ts';
import { heard, noWatermark, type Watermark, type WatermarkOptions } from '../watermark.ts';
import type { Finding } from './judge.ts';
import { evict, type GatheredPane, noRuleState, openPanes, type RuleState } from './keyed-panes.ts';
import { fieldsOfKey, type Plan, planOf, type WatchedEvent } from './plan.ts';
import type { Rule } from './rule.ts';

export type { GatheredPane } from './keyed-panes.ts';
export type { WatchedEvent } from './plan.ts';

export interface WatchOptions extends WatermarkOptions {
  /** Rules that are judged here. */
  readonly rules: readonly Rule[];
  /** Rules of which somebody else has a part too: their panes are handed over when they are over, and judged where all parts come together. */
  readonly gathers?: readonly Rule[];
  /** Keys that are remembered of each rule, unless told 4,000. */
  readonly mostKeys?: number;
}

/** A rule has found something. The same find has the same id, whoever makes it again. */
export interface Alert {
  readonly alertId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly severity: Rule['severity'];
  readonly key: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly window: { readonly from: number; readonly to: number };
  readonly measured: number;
  readonly limit: number;
  readonly usual?: number;
  readonly perMinute?: number;
  readonly events: number;
  readonly evidence: readonly { readonly eventId: string; readonly type: string; readonly at: number }[];
}

/** An event, and when it counts: in milliseconds. */
export interface Timed {
  readonly event: WatchedEvent;
  readonly at: number;
}

/** Of one shard, in its order. */
export interface WatchBatch {
  readonly events?: readonly Timed[];
  /** What others have gathered. */
  readonly panes?: readonly GatheredPane[];
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** How far the shard has come, where that is known without an event: what it says later is from then on, within `outOfOrderMs`. Time passes by this when nothing happens. */
  readonly reached?: number;
}

/** All that is remembered between two batches. Plain data, to be kept in the same write as what is made of the alerts. */
export interface WatchState {
  readonly watermark: Watermark;
  /** Up to where each shard has been taken. */
  readonly taken: Readonly<Record<string, string>>;
  /** By id and version; those of rules that are no more are forgotten. */
  readonly rules: Readonly<Record<string, RuleState>>;
  /** Events that came after their time was over; they are counted in the step that is open. */
  readonly late: number;
}

export const noWatch: WatchState = { watermark: noWatermark, taken: {}, rules: {}, late: 0 };

const usualKeys = 4000;

/**
 * Watches events by rules. A key is counted in panes, as long as a window slides; at the end of each, when the watermark has passed it, the panes of a window are judged. So the same events give the
 * same alerts in whatever order within `outOfOrderMs` and in whatever batches they come, as long as nothing was `late` or `evicted`. A batch that was taken before changes nothing.
 *
 * Sums are exact for whole numbers.
 */
export function createWatch({ rules, gathers = [], mostKeys = usualKeys, ...options }: WatchOptions) {
  const judged = rules.map(planOf);
  const gathered = gathers.map(planOf);
  return (
    state: WatchState,
    { events = [], panes = [], shardId, sequenceNumber, reached = 0 }: WatchBatch,
    now: number,
  ): { readonly state: WatchState; readonly alerts: readonly Alert[]; readonly panes: readonly GatheredPane[] } => {
    if (!isLater(sequenceNumber, state.taken[shardId] ?? '')) return { state, alerts: [], panes: [] };
    const before = state.watermark.at;
    const open = [...judged, ...gathered].map((plan) => openPanes(plan, state.rules[plan.name] ?? noRuleState));
    let [late, newest] = [state.late, reached];
    for (const { event, at } of events) {
      if (at > newest) newest = at;
      if (at < before) late += 1;
      for (const one of open) one.take(event, at < before ? before : at);
    }
    for (const pane of panes) {
      const place = judged.findIndex(({ name }) => name === pane.rule);
      open[place]?.join(pane, before);
    }
    const watermark = newest > 0 ? heard(state.watermark, shardId, newest, now, options) : state.watermark;
    const alerts: Alert[] = [];
    const over: GatheredPane[] = [];
    for (const [place, plan] of judged.entries())
      open[place]?.judge(before, watermark.at, (key, finding) => alerts.push(toAlert(plan, key, finding)));
    for (const place of gathered.keys()) open[judged.length + place]?.handOver(watermark.at, (pane) => over.push(pane));
    const kept = [...judged, ...gathered].map(({ name }, place) => [name, open[place]?.close(mostKeys) ?? noRuleState] as const);
    alerts.sort((one, other) => one.window.to - other.window.to || (one.alertId < other.alertId ? -1 : 1));
    const taken = { ...state.taken, [shardId]: sequenceNumber };
    return { state: { watermark, taken, rules: Object.fromEntries(kept), late }, alerts, panes: over };
  };
}

/** The same with half of the keys of the rule that has most: for whom the state has become too large. Undefined when there is nothing left to forget. */
export function halved(state: WatchState): WatchState | undefined {
  const [name, largest] = Object.entries(state.rules).reduce((most, one) => (one[1].keys.length > most[1].keys.length ? one : most), [
    '',
    noRuleState,
  ] as [string, RuleState]);
  if (largest.keys.length === 0) return undefined;
  const keys = new Map(largest.keys);
  const evicted = evict(keys, Math.floor(keys.size / 2));
  return { ...state, rules: { ...state.rules, [name]: { ...largest, keys: [...keys], evicted: largest.evicted + evicted } } };
}

function toAlert({ rule, name }: Plan, key: string, { from, to, evidence, ...found }: Finding): Alert {
  return {
    alertId: createHash('sha256').update(`${name}\n${key}\n${from}`).digest('hex').slice(0, 32),
    ruleId: rule.id,
    ruleVersion: rule.version,
    severity: rule.severity,
    key: fieldsOfKey(rule, key),
    window: { from, to },
    ...found,
    evidence: evidence.map(([at, eventId, type]) => ({ eventId, type, at })),
  };
}
