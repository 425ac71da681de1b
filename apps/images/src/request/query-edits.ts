import { ImageError } from '../image-error.ts';

/** The names of a query that mean something; everything else in it is as good as not there. */
export const queryNames: ReadonlySet<string> = new Set([
  ...['signature', 'expires', 'format', 'fit', 'width', 'height', 'rotate', 'flip', 'flop', 'focal', 'grayscale', 'greyscale'],
]);

/**
 * Edits that a query asks for on top of those in the path. An edit of the same name in the path gives way as a whole: `width` does away with its whole `resize`.
 * The names are taken in their alphabetical order, in which AWS's edge function hands them on.
 *
 * @throws {ImageError} `QueryParameterParsingError`.
 */
export function toQueryEdits(query: ReadonlyMap<string, string>): Record<string, unknown> {
  const edits: Record<string, unknown> & { resize?: Record<string, unknown> } = {};
  for (const [name, value] of [...query].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === 'format') edits.toFormat = value;
    else if (name === 'focal') edits.resize = { ...edits.resize, focal: value.split(',').map(Number) };
    else if (name === 'fit') edits.resize = { ...edits.resize, fit: value };
    else if (name === 'width' || name === 'height') edits.resize = { ...edits.resize, [name]: value === '0' ? null : toWhole(value) };
    else if (name === 'rotate') edits.rotate = toWhole(value);
    else if (name === 'flip' || name === 'flop') edits[name] = toFlag(value);
    else if (name === 'grayscale' || name === 'greyscale') edits.greyscale = toFlag(value);
  }
  return edits;
}

function toWhole(value: string): number | null {
  if (value === '') return null;
  const whole = Number.parseInt(value, 10);
  if (Number.isNaN(whole)) throw new ImageError('QueryParameterParsingError', 'In the query, width, height and rotate must be numbers.');
  return whole;
}

function toFlag(value: string): boolean {
  return !['0', 'false', ''].includes(value.toLowerCase());
}
