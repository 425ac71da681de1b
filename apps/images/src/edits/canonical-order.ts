import { type Edit, type EditName, type Edits, listEdits } from './edits.ts';

/** Where one part of the work ends and the next begins: somebody looks at the picture as it is by then, or it gets a new shape. */
export const ends: ReadonlySet<EditName> = new Set(['smartCrop', 'roundCrop', 'contentModeration']);

/** Within a part sharp asks these in which order they came. Everything else has its fixed place in sharp's pipeline. */
const ordered: ReadonlySet<EditName> = new Set(['resize', 'extract', 'crop', 'rotate', 'trim']);

/** The same edits in the one order of all that mean the same: two requests that ask for one picture are one request. */
export function inCanonicalOrder(edits: Edits): Edits {
  return Object.fromEntries(toParts(listEdits(edits)).flat()) as Edits;
}

/** Edits in their parts. A part keeps the order of those that have one, then come the others by name, then what ends it. */
export function toParts(edits: readonly Edit[]): Edit[][] {
  const parts: Edit[][] = [];
  let part: Edit[] = [];
  for (const edit of edits) {
    part.push(edit);
    if (!ends.has(edit[0])) continue;
    parts.push(sorted(part));
    part = [];
  }
  if (part.length > 0) parts.push(sorted(part));
  return parts;
}

function sorted(part: readonly Edit[]): Edit[] {
  const rank = ([name]: Edit) => (ordered.has(name) ? 0 : ends.has(name) ? 2 : 1);
  return part.toSorted((a, b) => rank(a) - rank(b) || (rank(a) === 1 ? compare(a[0], b[0]) : 0));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
