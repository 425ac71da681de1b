/** `; did you mean X?` when one of the names is near enough to be what was meant, else a list of what there is. */
export function suggestion(wrong: string, names: readonly string[]): string {
  if (names.length === 0) return '; there is none';
  const [nearest] = names
    .map((name) => ({ name, distance: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (nearest && nearest.distance <= Math.max(2, wrong.length / 3)) return `; did you mean ${nearest.name}?`;
  const shown = names.slice(0, 10).join(', ');
  return `; there ${names.length === 1 ? 'is' : 'are'} ${shown}${names.length > 10 ? ', …' : ''}`;
}

/** How many characters have to be added, dropped or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
