import { ImageError } from '../image-error.ts';

/** What transformations come to: edits as JSON has them, and a quality for whatever format it becomes. */
export interface Transformed {
  readonly edits: Record<string, unknown>;
  readonly quality?: number | undefined;
}

/** One of the transformations of the second generation, by its name there. */
export interface Transformation {
  readonly transformation: string;
  readonly value: unknown;
}

type Draft = { -readonly [Name in keyof Transformed]: Transformed[Name] };

/** What each is among the edits. Their shapes are checked there. */
const known: Readonly<Record<string, (draft: Draft, value: unknown) => void>> = {
  animated: ({ edits }, value) => void (edits['animated'] = value),
  blur: ({ edits }, value) => void (edits['blur'] = value),
  convolve: ({ edits }, value) => void (edits['convolve'] = value),
  // From corner to corner.
  extract: ({ edits }, value) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = Array.isArray(value) && value.length === 4 ? value.map(Number) : [0, 0, Number.NaN];
    edits['extract'] = { left, top, width: right - left, height: bottom - top };
  },
  flatten: ({ edits }, value) => void (edits['flatten'] = { background: toColour(value) }),
  flip: ({ edits }, value) => void (edits['flip'] = value),
  flop: ({ edits }, value) => void (edits['flop'] = value),
  format: ({ edits }, value) => void (edits['toFormat'] = value),
  grayscale: ({ edits }, value) => void (edits['greyscale'] = value),
  greyscale: ({ edits }, value) => void (edits['greyscale'] = value),
  normalise: ({ edits }, value) => void (edits['normalise'] = value),
  normalize: ({ edits }, value) => void (edits['normalise'] = value),
  quality: (draft, value) => void (draft.quality = typeof value === 'number' ? value : Number.NaN),
  resize: ({ edits }, value) => void (edits['resize'] = isRecord(value) ? { ...value, ...colourIn(value) } : value),
  rotate: ({ edits }, value) => void (edits['rotate'] = typeof value === 'number' ? value % 360 : value),
  sharpen: ({ edits }, value) => void (edits['sharpen'] = value),
  smartCrop: ({ edits }, value) => {
    const { index, padding, ...more } = isRecord(value) ? value : {};
    edits['smartCrop'] = isRecord(value) ? { faceIndex: index ?? 0, padding: padding ?? 0, ...more } : value;
  },
  // No picture that is made has any.
  stripExif: () => undefined,
  stripIcc: () => undefined,
  tint: ({ edits }, value) => void (edits['tint'] = toColour(value)),
  watermark: ({ edits }, value) => void (edits['overlayWith'] = toOverlay(value)),
};

export const transformationNames: ReadonlySet<string> = new Set(Object.keys(known));

/**
 * Turns transformations into edits, in the order in which the second generation makes them: what is cut out by a face first; then what is cut out, before it is resized; what is laid over last.
 *
 * @throws {ImageError} `ImageEdits::CannotParseEdits` for a name that is not known.
 */
export function toEdits(transformations: readonly Transformation[]): Transformed {
  const draft: Draft = { edits: {} };
  for (const { transformation, value } of transformations) {
    const transform = Object.hasOwn(known, transformation) ? known[transformation] : undefined;
    if (!transform) throw new ImageError('ImageEdits::CannotParseEdits', 'There is a transformation that is not known.');
    transform(draft, value);
  }
  return { ...draft, edits: inOrder(draft.edits) };
}

/** Edits in that order. */
export function inOrder(edits: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const place = (name: string) => (first.includes(name) ? first.indexOf(name) : name === 'overlayWith' ? first.length + 1 : first.length);
  return Object.fromEntries(Object.entries(edits).toSorted(([a], [b]) => place(a) - place(b)));
}

const first = ['smartCrop', 'extract', 'resize'];

/** A name, hexadecimal digits with # or without, or channels of 0 to 255 with an alpha of 0 to 1. */
function toColour(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [r, g, b, alpha] = value as readonly unknown[];
    return { r, g, b, ...(alpha !== undefined && { alpha }) };
  }
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) ? `#${text}` : text;
}

function colourIn({ background }: Readonly<Record<string, unknown>>): object {
  return background === undefined ? {} : { background: toColour(background) };
}

/** `[url, [x, y, alpha, width ratio, height ratio]]`: offsets in pixels or, with a p, in hundredths; the rest of 0 to 1, where an alpha of 0 is opaque. */
function toOverlay(value: unknown): unknown {
  const [url, placed] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const [x, y, alpha, width, height] = Array.isArray(placed) ? (placed as readonly unknown[]) : [];
  const percent = (ratio: unknown) => (typeof ratio === 'number' ? Math.round(ratio * 100) : undefined);
  const options = x === undefined && y === undefined ? {} : { options: { left: x ?? 0, top: y ?? 0 } };
  const address = typeof url === 'string' ? `https://${url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')}` : url;
  return { url: address, alpha: percent(alpha), wRatio: percent(width), hRatio: percent(height), ...options };
}

/** Whether a value has options by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
