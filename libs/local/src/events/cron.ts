import type { Schedule } from './schedule.ts';

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const firstYear = 1970;
const lastYear = 2199;

/** Whether a day is meant; `month` counts from 0, `day` from 1. */
type DayRule = (year: number, month: number, day: number) => boolean;

/**
 * Parses the six fields of AWS's cron: minutes, hours, day of month, month, day of week (1 is Sunday), year. Exactly one of the two
 * day fields is `?`. Undefined when they are no such expression.
 */
export function parseCron(fields: string): Schedule | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '', ...more] = fields.trim().split(/\s+/);
  if (more.length > 0 || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const minutes = numbers(minute, 0, 59);
  const hours = numbers(hour, 0, 23);
  const monthSet = numbers(month, 1, 12, months);
  const years = numbers(year, firstYear, lastYear);
  const isDay = dayOfWeek === '?' ? monthDayRule(dayOfMonth) : weekDayRule(dayOfWeek);
  if (!minutes || !hours || !monthSet || !years || !isDay) return undefined;

  const firstAfter = (after: number): number | undefined => {
    const start = new Date(Math.max(0, Math.floor(after / 60_000) + 1) * 60_000);
    let day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
    for (let date = new Date(day); date.getUTCFullYear() <= lastYear; day += 86_400_000, date = new Date(day)) {
      const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
      if (!years.has(y) || !monthSet.has(m + 1) || !isDay(y, m, d)) continue;
      for (const h of hours) {
        for (const min of minutes) {
          const at = day + h * 3_600_000 + min * 60_000;
          if (at >= start.getTime()) return at;
        }
      }
    }
    return undefined;
  };
  return { next: firstAfter };
}

/** The numbers that a field stands for, in order; ranges may wrap around (`20-2`). Undefined when it is not valid. */
function numbers(field: string, low: number, high: number, names: readonly string[] = []): ReadonlySet<number> | undefined {
  const chosen = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|[A-Za-z]{3}|\d+)(?:-([A-Za-z]{3}|\d+))?(?:\/(\d+))?$/.exec(part);
    const [, from = '', to, step] = match ?? [];
    if (!match || (from === '*' && to !== undefined)) return undefined;
    const first = from === '*' ? low : valueOf(from, low, names);
    const last = to !== undefined ? valueOf(to, low, names) : from === '*' || step !== undefined ? high : first;
    const every = step === undefined ? 1 : Number(step);
    if (first === undefined || last === undefined || first < low || first > high || last < low || last > high || every < 1)
      return undefined;
    const length = last >= first ? last - first : last - first + (high - low + 1);
    for (let offset = 0; offset <= length; offset += every) chosen.add(low + ((first - low + offset) % (high - low + 1)));
  }
  return new Set([...chosen].sort((a, b) => a - b));
}

function valueOf(text: string, low: number, names: readonly string[]): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.indexOf(text.toUpperCase());
  return index < 0 ? undefined : low + index;
}

/** `15`, `1-5`, `L` (last day), `L-3`, `LW` (last weekday), `3W` (the weekday nearest to the third). */
function monthDayRule(field: string): DayRule | undefined {
  const back = /^L(?:-(\d{1,2}))?$/.exec(field);
  if (back) return (year, month, day) => day === lengthOf(year, month) - Number(back[1] ?? 0);
  if (field === 'LW') return (year, month, day) => day === nearestWeekday(year, month, lengthOf(year, month));
  const near = /^(\d{1,2})W$/.exec(field);
  if (near) {
    const wanted = Number(near[1]);
    if (wanted < 1 || wanted > 31) return undefined;
    return (year, month, day) => wanted <= lengthOf(year, month) && day === nearestWeekday(year, month, wanted);
  }
  const days = numbers(field, 1, 31);
  return days && ((_year, _month, day) => days.has(day));
}

/** `MON-FRI`, `2,4`, `L` (Saturday), `6L` (the last Friday of the month), `3#2` (the second Tuesday). */
function weekDayRule(field: string): DayRule | undefined {
  const last = /^([A-Za-z]{3}|\d)L$/.exec(field);
  const nth = /^([A-Za-z]{3}|\d)#([1-5])$/.exec(field);
  const special = last ?? nth;
  if (special) {
    const wanted = valueOf(special[1] ?? '', 1, weekdays);
    if (wanted === undefined || wanted < 1 || wanted > 7) return undefined;
    if (last) return (year, month, day) => weekdayOf(year, month, day) === wanted && day + 7 > lengthOf(year, month);
    return (year, month, day) => weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth?.[2]);
  }
  const days = numbers(field === 'L' ? '7' : field, 1, 7, weekdays);
  return days && ((year, month, day) => days.has(weekdayOf(year, month, day)));
}

/** The weekday nearest to a day without leaving the month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day > 1 ? day - 1 : day + 2;
  if (weekday === 1) return day < lengthOf(year, month) ? day + 1 : day - 2;
  return day;
}

/** 1 is Sunday. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month, day)).getUTCDay() + 1;
}

function lengthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
