import { alertRaised } from '@larder/contracts/clickstream/alert-raised';
import { commit, ConditionFailed, toEvent } from '@larder/service/commit';
import { table } from '@larder/service/table';
import { ulid } from '@larder/service/ulid';
import type { Alert } from '@larder/streaming/rules/watch';
import { rules } from './rules/index.ts';

/** An alert, as the live numbers tell it: without who it is about. */
export interface AlertItem {
  /** In which it was found. */
  readonly day: string;
  /** When its window ended, and its id. */
  readonly at: string;
  readonly ruleId: string;
  readonly severity: Alert['severity'];
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const alerts = table<AlertItem>('Alerts');
const keptFor = 7 * 24 * 60 * 60;
const iso = (at: number): string => new Date(at).toISOString();

/** Says on the bus what was found, once: what is found again has the same id. */
export async function raiseAlert(alert: Alert): Promise<void> {
  const { alertId, ruleId, ruleVersion, severity, key, window, measured, limit, usual, perMinute, events, evidence } = alert;
  const to = iso(window.to);
  const item: AlertItem = {
    ...{ day: to.slice(0, 10), at: `${to}#${alertId}`, ruleId, severity },
    expiresAt: Math.floor(window.to / 1000) + keptFor,
  };
  const event = toEvent(alertRaised, {
    ...{ alertId, ruleId, ruleVersion, severity, key, measured, limit, events },
    ...(usual !== undefined && { usual }),
    ...(perMinute !== undefined && { perMinute }),
    description: rules.find(({ id }) => id === ruleId)?.description ?? '',
    window: { from: iso(window.from), to },
    evidence: evidence.map(({ eventId, type, at }) => ({ eventId, type, time: iso(at) })),
  });
  const isNew = { ConditionExpression: 'attribute_not_exists(#day)', ExpressionAttributeNames: { '#day': 'day' } };
  const cause = { correlationId: ulid(), causationId: alertId };
  try {
    await commit({ cause, writes: [{ Put: { TableName: alerts.name, Item: item, ...isNew } }], events: [event] });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The newest alerts of an hour. */
export async function findAlerts(now: Date): Promise<AlertItem[]> {
  const since = iso(now.getTime() - 60 * 60_000);
  const days = [...new Set([iso(now.getTime()).slice(0, 10), since.slice(0, 10)])];
  const found = days.map((day) =>
    alerts.query({
      where: '#day = :day AND #at >= :since',
      names: { '#day': 'day', '#at': 'at' },
      values: { ':day': day, ':since': since },
      descending: true,
      limit: 20,
    }),
  );
  return (await Promise.all(found)).flatMap(({ items }) => items).slice(0, 20);
}
