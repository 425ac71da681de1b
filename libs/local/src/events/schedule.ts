import { AwsError } from '../kernel/aws-error.ts';
import { parseCron } from './cron.ts';

/** When a rule with a schedule is due. */
export interface Schedule {
  /**
   * The first instant after `after`, or undefined when there is none any more.
   * @param after milliseconds since 1970
   * @param anchor when the rule was made, in milliseconds since 1970: rates count from it
   */
  next(after: number, anchor: number): number | undefined;
}

const unitLengths: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses `rate(5 minutes)` or `cron(0 12 * * ? *)`, in UTC.
 *
 * @throws {AwsError} `ValidationException`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseSchedule(expression: string): Schedule {
  const cron = /^cron\((.*)\)$/.exec(expression);
  const schedule = cron ? parseCron(cron[1] ?? '') : parseRate(expression);
  if (!schedule) throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  return schedule;
}

function parseRate(expression: string): Schedule | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  const value = Number(rate?.[1]);
  const unit = unitLengths[rate?.[2] ?? ''];
  // AWS asks for the singular with 1 and for the plural with all else.
  if (!rate || !unit || value < 1 || (value === 1) !== (rate[3] === '')) return undefined;
  const interval = value * unit;
  return { next: (after, anchor) => anchor + (Math.floor((after - anchor) / interval) + 1) * interval };
}
