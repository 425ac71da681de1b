/** What stands where a name was. */
export const erased = 'erased';

/** Ids are letters, digits, `_` and `-`: an id that is part of a longer one is another. */
export const names = (subjects: readonly string[]): RegExp => new RegExp(`(?<![\\w-])(${subjects.join('|')})(?![\\w-])`, 'g');

/** The same for DuckDB, whose expressions cannot look around. */
export const sqlNames = (subjects: readonly string[]): string => `(^|[^0-9A-Za-z_-])(${subjects.join('|')})($|[^0-9A-Za-z_-])`;

/**
 * Lines without people who are erased.
 *
 * @param subjects ids.
 * @returns the very same lines when they name nobody of them.
 */
export function eraseLines(lines: readonly string[], subjects: readonly string[], how: 'row' | 'name'): readonly string[] {
  if (subjects.length === 0) return lines;
  const pattern = names(subjects);
  if (!lines.some((line) => line.search(pattern) >= 0)) return lines;
  return how === 'row' ? lines.filter((line) => line.search(pattern) < 0) : lines.map((line) => line.replaceAll(pattern, erased));
}
