import { isRecord, type Transformation, toEdits, transformationNames, type Transformed } from '../configuration/transformations.ts';
import { ImageError } from '../image-error.ts';

/** The names of a query that mean something by themselves. */
const names: ReadonlySet<string> = new Set([
  ...['signature', 'expires', 'policyId', 'format', 'fit', 'width', 'height', 'rotate', 'flip', 'flop', 'focal', 'grayscale', 'greyscale'],
]);

/** Options of a transformation are named with a dot, `resize.width`. */
const optionNames = /^(resize|convolve|sharpen|smartCrop)\.[A-Za-z0-9]{1,30}$/;

/** Whether a name in a query means something; everything else in it is as good as not there. */
export function isKnown(name: string): boolean {
  return names.has(name) || transformationNames.has(name) || optionNames.test(name);
}

/**
 * Edits that a query asks for on top of those in the path. An edit of the same name in the path gives way as a whole: `width` does away with its whole `resize`.
 * The names are taken in their alphabetical order, in which AWS's edge function hands them on.
 *
 * Those of both generations can be mixed: `width=300`, `resize.width=300`, `quality=80`, `watermark=["https://…",[10,10,0.5,0.2]]`.
 *
 * @throws {ImageError} `QueryParameterParsingError`.
 */
export function toQueryEdits(query: ReadonlyMap<string, string>): Transformed {
  const edits: Record<string, unknown> & { resize?: Record<string, unknown> } = {};
  const transformations = new Map<string, unknown>();
  for (const [name, value] of [...query].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === 'format') edits.toFormat = value;
    else if (name === 'focal') edits.resize = { ...edits.resize, focal: value.split(',').map(Number) };
    else if (name === 'fit') edits.resize = { ...edits.resize, fit: value };
    else if (name === 'width' || name === 'height') edits.resize = { ...edits.resize, [name]: value === '0' ? null : toWhole(value) };
    else if (name === 'rotate') edits.rotate = toWhole(value);
    else if (name === 'flip' || name === 'flop') edits[name] = toFlag(value);
    else if (name === 'grayscale' || name === 'greyscale') edits.greyscale = toFlag(value);
    else if (!names.has(name)) collect(transformations, name, value);
  }
  const made = toEdits([...transformations].map(([transformation, value]): Transformation => ({ transformation, value })));
  const merged = { ...edits, ...made.edits };
  if (edits.resize && made.edits['resize']) merged.resize = { ...(made.edits['resize'] as object), ...edits.resize };
  return { quality: made.quality, edits: merged };
}

/** `smartCrop=true&smartCrop.padding=9` is one transformation with an option. */
function collect(transformations: Map<string, unknown>, name: string, value: string): void {
  const [transformation = '', option] = name.split('.');
  const before = transformations.get(transformation);
  if (option === undefined) transformations.set(transformation, isRecord(before) ? before : toValue(value));
  else transformations.set(transformation, { ...(isRecord(before) ? before : {}), [option]: toValue(value) });
}

/** A number, true or false, text, or a list of these between commas and brackets, with quotation marks or without. */
function toValue(text: string, depth = 0): unknown {
  if (text.length > 2048) throw new ImageError('QueryParameterParsingError', 'A value in the query may have 2,048 characters.');
  const list = /^\[(.*)\]$/s.exec(text)?.[1] ?? (text.includes(',') ? text : undefined);
  if (list !== undefined && depth < 2) return toItems(list).map((item) => toValue(item, depth + 1));
  const plain = text.trim().replace(/^"(.*)"$/s, '$1');
  if (plain === 'true' || plain === 'false') return plain === 'true';
  if (plain === '' || plain === 'null') return undefined;
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : plain;
}

/** Splits at commas that stand in no brackets of their own. */
function toItems(list: string): string[] {
  const items: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at <= list.length; at += 1) {
    if (list[at] === '[') depth += 1;
    if (list[at] === ']') depth -= 1;
    if (at < list.length && (list[at] !== ',' || depth > 0)) continue;
    items.push(list.slice(from, at).trim());
    from = at + 1;
  }
  return items;
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
