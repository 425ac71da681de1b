import { judge, type Finding, type Pane } from './judge.ts';
import type { Plan, WatchedEvent } from './plan.ts';
import { add, copyOf, emptyTally, merge, type Tally } from './tally.ts';

/** What one key did, as long as it counts, and until when it has no other alert. */
export interface KeyState {
  readonly panes: readonly Pane[];
  readonly quietUntil: number;
}

/** What is remembered of one rule. Plain data. */
export interface RuleState {
  readonly keys: readonly (readonly [key: string, state: KeyState])[];
  /** Where its first pane begins, as far as anybody remembers; absent before there was one. */
  readonly since?: number;
  /** Keys that were forgotten because there were too many, over all time. */
  readonly evicted: number;
}

/** A pane of a rule as another one gathered it. */
export interface GatheredPane {
  readonly rule: string;
  readonly key: string;
  readonly from: number;
  readonly tally: Tally;
}

export const noRuleState: RuleState = { keys: [], evicted: 0 };

interface Working {
  panes: Pane[];
  quietUntil: number;
}

/** The panes of one rule by key, open for one batch. What it was made of is not changed. */
export function openPanes(plan: Plan, state: RuleState) {
  const keys = new Map<string, KeyState>(state.keys);
  const changed = new Map<string, Working>();
  let since = state.since;

  const paneOf = (key: string, from: number): Tally => {
    let working = changed.get(key);
    if (!working) {
      const known = keys.get(key);
      working = { panes: known ? known.panes.map(([start, tally]) => [start, copyOf(tally)]) : [], quietUntil: known?.quietUntil ?? 0 };
      changed.set(key, working);
      keys.set(key, working);
    }
    const { panes } = working;
    let place = panes.length;
    while (place > 0 && (panes[place - 1] as Pane)[0] > from) place -= 1;
    const found = panes[place - 1];
    if (found?.[0] === from) return found[1];
    const made = emptyTally();
    panes.splice(place, 0, [from, made]);
    if (since === undefined || from < since) since = from;
    return made;
  };
  const startOf = (at: number): number => Math.floor(at / plan.step) * plan.step;

  return {
    take(event: WatchedEvent, at: number): void {
      if (!plan.types.has(event.type)) return;
      const role = plan.roleOf(event);
      if (role === 0) return;
      const key = plan.keyOf(event);
      if (key !== undefined) add(plan, paneOf(key, startOf(at)), event, at, role);
    },

    /** @param notBefore what is older counts there. */
    join({ key, from, tally }: GatheredPane, notBefore: number): void {
      merge(plan, paneOf(key, startOf(Math.max(from, notBefore))), tally, plan.evidenceOfStep);
    },

    /** Judges every key at the end of each step between two watermarks, and forgets what counts no more. */
    judge(before: number, reached: number, found: (key: string, finding: Finding) => void): void {
      const last = startOf(reached);
      if (last <= before) return;
      for (const [key, state] of keys) {
        const { panes } = state;
        let { quietUntil } = state;
        const [first, newest] = [panes[0], panes.at(-1)];
        if (first && newest) {
          const begin = Math.max(startOf(before), first[0]) + plan.step;
          const end = Math.min(last, newest[0] + plan.reach);
          for (let to = begin; to <= end; to += plan.step) {
            if (to < quietUntil) continue;
            const finding = judge(plan, panes, to, since ?? 0);
            if (!finding) continue;
            found(key, finding);
            quietUntil = to + plan.rule.coolDownMs;
          }
        }
        const kept = panes.filter(([from]) => from > last - plan.reach);
        if (kept.length === 0 && quietUntil <= last) keys.delete(key);
        else if (kept.length < panes.length || quietUntil !== state.quietUntil) keys.set(key, { panes: kept, quietUntil });
      }
    },

    /** Takes out the panes that are over. */
    handOver(reached: number, gathered: (pane: GatheredPane) => void): void {
      for (const [key, { panes, quietUntil }] of keys) {
        const open = panes.filter(([from, tally]) => {
          const isOver = from + plan.step <= reached;
          if (isOver) gathered({ rule: plan.name, key, from, tally });
          return !isOver;
        });
        if (open.length === 0) keys.delete(key);
        else if (open.length < panes.length) keys.set(key, { panes: open, quietUntil });
      }
    },

    /** When there are too many, a tenth goes at once, so that not every batch has to look for whom to forget. @param mostKeys those that did least are forgotten first: who is about to be found has done much. */
    close(mostKeys: number): RuleState {
      const evicted = keys.size > mostKeys ? evict(keys, Math.ceil(mostKeys * 0.9)) : 0;
      return { keys: [...keys], evicted: state.evicted + evicted, ...(since !== undefined && { since }) };
    },
  };
}

/** @returns how many. */
export function evict(keys: Map<string, KeyState>, most: number): number {
  const weightOf = ({ panes }: KeyState): number => panes.reduce((sum, [, { count }]) => sum + count, 0);
  const weighed = [...keys].map(([key, state]) => [key, weightOf(state)] as const);
  const lightest = weighed.sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)).slice(0, keys.size - most);
  for (const [key] of lightest) keys.delete(key);
  return lightest.length;
}
