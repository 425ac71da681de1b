import { parse, type Range } from 'range-parser';
import type { Part } from './answer.ts';

/**
 * What part of so many bytes is meant: all of them where none is asked for, where what is asked for is no range, or several (which one need not serve), or where it is of another picture than
 * the one of this ETag; none where the range begins behind the end.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function rangeOf({ range, ifRange }: Part, bytes: number, etag: string): Range | 'all' | 'none' {
  if (range === undefined || range.length > 100 || (ifRange !== undefined && ifRange !== etag)) return 'all';
  const { type, ranges, code } = parse(bytes, range);
  const [only, ...more] = ranges;
  // The first bit: it is written in no way that a range is.
  if (type !== 'bytes' || more.length > 0 || code % 2 === 1) return 'all';
  return only ?? 'none';
}
