import { datasets, views } from '../datasets.ts';

/** A promise about a dataset, and how it is measured. */
export interface QualityRule {
  readonly name: string;
  readonly dataset: string;
  /** One number. `{hour}` is the hour before the one that is not over, and `{lastWeek}` the same hour of the week before. */
  readonly sql: string;
  /** What the number is divided by; where that is nothing, there is nothing to compare. */
  readonly relativeTo?: string;
  /** The number may be so large, or has to be. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

const hour = `hour = '{hour}'`;

/** No row lacks it. */
export const notNull = (dataset: string, column: string, where = 'true'): QualityRule => ({
  ...{ name: `${dataset}.${column} is there`, dataset, atMost: 0 },
  sql: `SELECT count(*) FROM ${dataset} WHERE ${hour} AND ${column} IS NULL AND (${where})`,
});

/** No value stands in two rows. */
export const unique = (dataset: string, column: string): QualityRule => ({
  ...{ name: `${dataset}.${column} is unique`, dataset, atMost: 0 },
  sql: `SELECT count(*) - count(DISTINCT ${column}) FROM ${dataset} WHERE ${hour}`,
});

/** All values lie between two. */
export const range = (dataset: string, column: string, least: number, most: number): QualityRule => ({
  ...{ name: `${dataset}.${column} is from ${least} to ${most}`, dataset, atMost: 0 },
  sql: `SELECT count(*) FROM ${dataset} WHERE ${hour} AND ${column} NOT BETWEEN ${least} AND ${most}`,
});

/** All values stand in a column of another dataset. */
export const foreign = (dataset: string, column: string, other: string, otherColumn: string): QualityRule => ({
  ...{ name: `${dataset}.${column} is one of ${other}.${otherColumn}`, dataset, atMost: 0 },
  sql: `SELECT count(*) FROM ${dataset} WHERE ${hour} AND ${column} IS NOT NULL AND ${column} NOT IN (SELECT ${otherColumn} FROM ${other} WHERE ${otherColumn} IS NOT NULL)`,
});

/** Something came in that hour. */
export const fresh = (dataset: string): QualityRule => ({
  ...{ name: `${dataset} is fresh`, dataset, atLeast: 1 },
  sql: `SELECT count(*) FROM ${dataset} WHERE ${hour}`,
});

/** There is at least such a part of what the same hour had a week before. */
export const volume = (dataset: string, part: number): QualityRule => ({
  ...{ name: `${dataset} has ${part} of last week`, dataset, atLeast: part },
  sql: `SELECT count(*) FROM ${dataset} WHERE ${hour}`,
  relativeTo: `SELECT count(*) FROM ${dataset} WHERE hour = '{lastWeek}'`,
});

/** What is promised. A new rule is a line here. */
export const qualityRules: readonly QualityRule[] = [
  unique('page_events', 'event_id'),
  notNull('page_events', 'session_id', `type LIKE 'page.%' OR type LIKE 'product.%'`),
  range('page_events', 'quantity', 1, 1000),
  foreign('page_events', 'order_id', 'orders', 'order_id'),
  fresh('page_events'),
  volume('page_events', 0.3),
  unique('bus_events', 'event_id'),
  notNull('bus_events', 'data'),
];

/** The datasets that a rule can be about. */
export const ruled: readonly string[] = [...datasets.map(({ name }) => name), ...Object.keys(views)];
