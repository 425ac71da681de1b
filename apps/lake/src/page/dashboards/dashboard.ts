import type { ChartKind } from '../app/to-option.ts';

/** One chart: a question, and how its answer is drawn. */
export interface Panel {
  readonly title: string;
  readonly sql: string;
  readonly chart: ChartKind;
  /** As wide as two. */
  readonly wide?: true;
}

/** Charts about one thing. */
export interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Seconds until everything is asked again. */
  readonly every: number;
  readonly panels: readonly Panel[];
}

/** A condition that the last day fulfils, of a table that has `event_time`: no other hour is read. */
export const lastDay = `event_time >= TIMESTAMP '{dayAgo}'`;

const hour = 60 * 60_000;
const spans = { dayAgo: 24 * hour, threeHoursAgo: 3 * hour } as const;

/** A question with the times that it names in braces. */
export function fillIn(sql: string, now: Date): string {
  return sql.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof spans) =>
    new Date(now.getTime() - spans[name]).toISOString().slice(0, 19).replace('T', ' '),
  );
}
