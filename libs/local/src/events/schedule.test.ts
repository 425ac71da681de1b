import { parseSchedule } from './schedule.ts';

const next = (expression: string, after: string, anchor = after): string | undefined => {
  const at = parseSchedule(expression).next(Date.parse(after), Date.parse(anchor));
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

describe('a schedule', () => {
  test.each([
    ['rate(1 minute)', '2026-01-05T12:00:30Z', '2026-01-05T12:01'],
    ['rate(5 minutes)', '2026-01-05T12:00:00Z', '2026-01-05T12:05'],
    ['rate(1 hour)', '2026-01-05T12:00:00Z', '2026-01-05T13:00'],
    ['rate(7 days)', '2026-01-05T12:00:00Z', '2026-01-12T12:00'],
    ['cron(0 10 * * ? *)', '2026-01-05T12:00:00Z', '2026-01-06T10:00'],
    ['cron(15 12 * * ? *)', '2026-01-05T12:00:00Z', '2026-01-05T12:15'],
    ['cron(0 18 ? * MON-FRI *)', '2026-01-09T18:00:00Z', '2026-01-12T18:00'],
    ['cron(0 8 1 * ? *)', '2026-01-05T12:00:00Z', '2026-02-01T08:00'],
    ['cron(0/15 * * * ? *)', '2026-01-05T12:01:00Z', '2026-01-05T12:15'],
    ['cron(1/10 * * * ? *)', '2026-01-05T12:11:00Z', '2026-01-05T12:21'],
    ['cron(5,35 14 * * ? *)', '2026-01-05T14:05:00Z', '2026-01-05T14:35'],
    ['cron(0/30 20-2 ? * MON-FRI *)', '2026-01-05T02:30:00Z', '2026-01-05T20:00'],
    ['cron(15 10 ? * 6L 2026-2027)', '2026-01-05T12:00:00Z', '2026-01-30T10:15'],
    ['cron(0 9 ? * 3#2 *)', '2026-01-05T12:00:00Z', '2026-01-13T09:00'],
    ['cron(0 0 L * ? *)', '2026-02-05T12:00:00Z', '2026-02-28T00:00'],
    ['cron(0 0 L-3 * ? *)', '2026-02-05T12:00:00Z', '2026-02-25T00:00'],
    ['cron(0 0 LW * ? *)', '2026-01-05T12:00:00Z', '2026-01-30T00:00'],
    ['cron(0 0 3W * ? *)', '2026-01-01T00:00:00Z', '2026-01-02T00:00'],
    ['cron(0 0 1W * ? *)', '2026-01-31T12:00:00Z', '2026-02-02T00:00'],
    ['cron(0 0 29 FEB ? *)', '2026-01-05T12:00:00Z', '2028-02-29T00:00'],
    ['cron(0 12 ? * L *)', '2026-01-05T12:00:00Z', '2026-01-10T12:00'],
  ])('%s after %s is due at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('of years gone by is never due', () => {
    expect(next('cron(0 0 * * ? 2019-2022)', '2026-01-05T12:00:00Z')).toBeUndefined();
  });

  test('rate counts from when the rule was made', () => {
    expect(next('rate(10 minutes)', '2026-01-05T12:34:00Z', '2026-01-05T12:03:00Z')).toBe('2026-01-05T12:43');
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(1 second)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(0 10 * * ?)',
    'cron(60 * * * ? *)',
    'cron(0 0 ? * 8 *)',
    'cron(*-5 * * * ? *)',
    'every minute',
  ])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });
});
