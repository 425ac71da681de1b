import { randomUUID } from 'node:crypto';
import type { Action } from './visitors.ts';

/** What was sent, as the generator knows it. */
export interface Sent {
  /** Everything, again and again and what is no event included. */
  sent: number;
  /** Good events, each counted once. */
  unique: number;
  /** Good events that were sent once more. */
  duplicates: number;
  /** Of the unique ones, those that are said to have happened minutes ago. */
  late: number;
  /** What no contract takes. */
  malformed: number;
  /** What was taken, as the service says: the unique ones and the duplicates, when nothing is lost. */
  accepted: number;
}

/** Parts of everything that is sent. */
const shares = { duplicate: 0.05, late: 0.02, malformed: 0.01 };

/** Events that may come once more; the oldest is forgotten. */
const remembered = 1000;

const minute = 60_000;

/**
 * Makes events of actions, as the network and visitors' clocks would: some come twice, some late, clocks are off by up to a second, and some events are none.
 *
 * @param ids of events; random ones, so that two runs of one seed are not each other's duplicates.
 */
export function shipments(random: () => number, ids: () => string = randomUUID) {
  const before: Record<string, unknown>[] = [];
  const sent: Sent = { sent: 0, unique: 0, duplicates: 0, late: 0, malformed: 0, accepted: 0 };
  return {
    sent,
    /** The next thing to send: of an action, or of what was sent before. */
    next(action: () => Action, now: number): Record<string, unknown> {
      sent.sent += 1;
      const dice = random();
      if (dice < shares.malformed) {
        sent.malformed += 1;
        return { ...action(), id: ids(), time: 'soon' };
      }
      const old = before[Math.floor(random() * before.length)];
      if (dice < shares.malformed + shares.duplicate && old) {
        sent.duplicates += 1;
        return old;
      }
      const isLate = dice > 1 - shares.late;
      if (isLate) sent.late += 1;
      const age = isLate ? (2 + random() * 20) * minute : random() * 1000;
      const event = { id: ids(), time: new Date(now - age).toISOString(), ...action() };
      sent.unique += 1;
      before.push(event);
      if (before.length > remembered) before.shift();
      return event;
    },
  };
}
