import type { Plan } from './plan.ts';
import { emptyTally, merge, type Named, type Step, type Tally } from './tally.ts';

/** A step of a window, by when it begins. */
export type Pane = readonly [from: number, tally: Tally];

/** What is found at the end of a step. */
export interface Finding {
  readonly from: number;
  readonly to: number;
  readonly measured: number;
  /** What it was measured against. */
  readonly limit: number;
  /** What is usual: of a ratio. */
  readonly usual?: number;
  readonly perMinute?: number;
  /** Events that count in it. */
  readonly events: number;
  readonly evidence: readonly Named[];
}

/**
 * Whether a key does what a rule looks for, at the end of a step.
 *
 * @param panes of the key, in order.
 * @param since where the first pane of the rule begins: before that nothing is known.
 */
export function judge(plan: Plan, panes: readonly Pane[], to: number, since: number): Finding | undefined {
  const { condition, window, evidence } = plan.rule;
  const sumOf = (from: number, until: number, most = evidence): Tally => sum(plan, panes, from, until, most);
  switch (condition.kind) {
    case 'threshold':
    case 'velocity': {
      const from = to - window.size;
      // Sums of sets are dear, and most keys do little.
      if (upperBound(plan, panes, from, to) < condition.atLeast) return undefined;
      const tally = sumOf(from, to);
      const measured = measuredOf(plan, tally);
      if (measured < condition.atLeast) return undefined;
      const found = { from, to, measured, limit: condition.atLeast, events: tally.count, evidence: tally.evidence };
      if (condition.kind === 'threshold') return found;
      const perMinute = measured / (Math.max(1000, tally.last - tally.first) / 60_000);
      return perMinute < condition.perMinute ? undefined : { ...found, perMinute };
    }
    case 'sequence': {
      const from = to - window.size;
      const steps = inOrder(sumOf(from, to).steps, condition.steps.length);
      if (!steps) return undefined;
      return { from, to, measured: steps.length, limit: steps.length, events: steps.length, evidence: steps.map(named).slice(0, evidence) };
    }
    case 'absence': {
      const until = to - condition.forMs;
      const from = until - window.size;
      const tally = sumOf(from, until);
      const measured = measuredOf(plan, tally);
      if (measured < condition.atLeast) return undefined;
      const answered = panes.reduce((latest, [start, pane]) => (start >= from && start < to ? Math.max(latest, pane.answered) : latest), 0);
      if (answered > tally.last) return undefined;
      return { from, to, measured, limit: condition.atLeast, events: tally.count, evidence: tally.evidence };
    }
    case 'ratio': {
      const [from, begin] = [to - window.size, to - window.size * (condition.windows + 1)];
      // The first pane that was seen may have been half over.
      if (since >= begin) return undefined;
      const usual = measuredOf(plan, sumOf(begin, from, 0)) / condition.windows;
      if (usual < condition.usual) return undefined;
      const tally = sumOf(from, to);
      const measured = measuredOf(plan, tally);
      const { below, above } = condition;
      const limit = usual * (below ?? above ?? 1);
      if (below === undefined ? measured < limit : measured > limit) return undefined;
      // Of what is not there the last that was there is the evidence.
      const events = tally.evidence.length > 0 ? tally.evidence : lastBefore(panes, from).slice(0, evidence);
      return { from, to, measured, limit, usual, events: tally.count, evidence: events };
    }
  }
}

function measuredOf({ rule: { condition }, mostDifferent }: Plan, tally: Tally): number {
  if (mostDifferent > 0) return tally.different.length;
  return condition.kind !== 'sequence' && condition.measure === 'events' ? tally.count : tally.amount;
}

function upperBound(plan: Plan, panes: readonly Pane[], from: number, to: number): number {
  let most = 0;
  for (const [start, tally] of panes) if (start >= from && start < to) most += measuredOf(plan, tally);
  return most;
}

function sum(plan: Plan, panes: readonly Pane[], from: number, to: number, mostEvidence: number): Tally {
  const total = emptyTally();
  for (const [start, tally] of panes) if (start >= from && start < to) merge(plan, total, tally, mostEvidence);
  return total;
}

/** The earliest events that make the steps one after the other. */
function inOrder(all: readonly Step[], length: number): Step[] | undefined {
  const found: Step[] = [];
  for (const step of all) {
    if (step[3] & (1 << found.length)) found.push(step);
    if (found.length === length) return found;
  }
  return undefined;
}

function lastBefore(panes: readonly Pane[], from: number): readonly Named[] {
  return panes.findLast(([start, { evidence }]) => start < from && evidence.length > 0)?.[1].evidence ?? [];
}

function named([at, id, type]: Step): Named {
  return [at, id, type];
}
