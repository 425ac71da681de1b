import { hash, lowOf } from '../hash.ts';
import type { Plan, WatchedEvent } from './plan.ts';

/** An event that is named: when it counts, its id, its type. */
export type Named = readonly [at: number, id: string, type: string];

/** A step of a sequence: what it could be as bits. */
export type Step = readonly [at: number, id: string, type: string, role: number];

/** What a key did in some time. Plain data, the same in whatever order it was gathered, and two of them add up. */
export interface Tally {
  count: number;
  amount: number;
  first: number;
  last: number;
  /** The smallest hashes of what is told apart, ascending: no fewer than there are, up to as many as the rule asks for. */
  different: number[];
  /** The first events, by time and id. */
  evidence: Named[];
  /** Of a sequence. The first hundred; the answers of an attack are enough of it. */
  steps: Step[];
  /** When it was answered last; 0 when it was not. */
  answered: number;
}

const mostSteps = 100;

export function emptyTally(): Tally {
  return { count: 0, amount: 0, first: Number.MAX_SAFE_INTEGER, last: 0, different: [], evidence: [], steps: [], answered: 0 };
}

export function add(plan: Plan, tally: Tally, event: WatchedEvent, at: number, role: number): void {
  const { kind } = plan.rule.condition;
  if (kind === 'absence') {
    if (role & 2) tally.answered = Math.max(tally.answered, at);
    if (!(role & 1)) return;
  }
  tally.count += 1;
  tally.amount += plan.amountOf(event);
  if (at < tally.first) tally.first = at;
  if (at > tally.last) tally.last = at;
  if (plan.mostDifferent > 0) {
    const value = plan.valueOf(event);
    if (value !== undefined) insertNumber(tally.different, lowOf(hash(String(value))), plan.mostDifferent);
  }
  if (kind === 'sequence') insert(tally.steps, [at, event.id, event.type, role], mostSteps);
  else insert(tally.evidence, [at, event.id, event.type], plan.evidenceOfStep);
}

/** @param sum is changed; the other is not. @param mostEvidence of both together. */
export function merge(plan: Plan, sum: Tally, other: Tally, mostEvidence: number): void {
  sum.count += other.count;
  sum.amount += other.amount;
  sum.first = Math.min(sum.first, other.first);
  sum.last = Math.max(sum.last, other.last);
  sum.answered = Math.max(sum.answered, other.answered);
  for (const value of other.different) insertNumber(sum.different, value, plan.mostDifferent);
  for (const named of other.evidence) insert(sum.evidence, named, mostEvidence);
  for (const step of other.steps) insert(sum.steps, step, Number.POSITIVE_INFINITY);
}

export function copyOf(tally: Tally): Tally {
  return { ...tally, different: [...tally.different], evidence: [...tally.evidence], steps: [...tally.steps] };
}

/** Keeps the first ones by time and id. Most come in order. */
function insert<One extends Named | Step>(kept: One[], one: One, most: number): void {
  let place = kept.length;
  while (place > 0 && isBefore(one, kept[place - 1] as One)) place -= 1;
  if (place >= most) return;
  kept.splice(place, 0, one);
  if (kept.length > most) kept.pop();
}

function isBefore([at, id]: Named | Step, [otherAt, otherId]: Named | Step): boolean {
  return at === otherAt ? id < otherId : at < otherAt;
}

function insertNumber(kept: number[], value: number, most: number): void {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((kept[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  if (low >= most || kept[low] === value) return;
  kept.splice(low, 0, value);
  if (kept.length > most) kept.pop();
}
