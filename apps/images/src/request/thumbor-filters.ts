import { ImageError } from '../image-error.ts';

export interface Filter {
  readonly name: string;
  readonly value: string;
}

interface Draft {
  quality?: number;
  readonly edits: Record<string, unknown> & { resize?: Record<string, unknown> };
}

/**
 * What Thumbor's filters ask for, as edits. They are taken in the order of their names, whatever order they were written in; of two that say the same thing
 * the later counts.
 *
 * @throws {ImageError} `ImageEdits::CannotParseEdits` for a filter that is not known.
 */
export function applyFilters(filters: readonly Filter[], edits: Record<string, unknown>): Draft {
  const draft: Draft = { edits: { ...edits } };
  for (const { name, value } of filters.toSorted((a, b) => order(a, b))) {
    if (!Object.hasOwn(known, name)) throw new ImageError('ImageEdits::CannotParseEdits', 'There is a filter that is not known.');
    known[name as keyof typeof known](draft, value);
  }
  return draft;
}

const known = {
  animated: ({ edits }, value) => void (edits.animated = value.toLowerCase() !== 'false'),
  autojpg: ({ edits }) => void (edits.toFormat = 'jpeg'),
  background_color: ({ edits }, value) => void (edits.flatten = { background: toColour(value) }),
  blur: ({ edits }, value) => {
    const [radius = Number.NaN, sigma = Number.NaN] = numbers(value);
    edits.blur = Number.isNaN(sigma) ? radius / 2 : sigma;
  },
  convolution: ({ edits }, value) => {
    const [matrix = '', columns = ''] = value.split(',');
    const kernel = matrix.split(';').map(Number);
    edits.convolve = { width: Number(columns), height: Math.ceil(kernel.length / Number(columns)), kernel };
  },
  equalize: ({ edits }) => void (edits.normalise = true),
  fill: ({ edits }, value) => resize(edits, { fit: 'contain', background: toColour(value) }),
  focal: ({ edits }, value) => resize(edits, { focal: numbers(value) }),
  format: ({ edits }, value) => void (edits.toFormat = value.replaceAll(/[^0-9a-z]/gi, '')),
  grayscale: ({ edits }) => void (edits.greyscale = true),
  no_upscale: ({ edits }) => resize(edits, { withoutEnlargement: true }),
  proportion: ({ edits }, value) => {
    const ratio = Number(value);
    const { width, height } = edits.resize ?? {};
    resize(edits, width && height ? { width: Number(width) * ratio, height: Number(height) * ratio } : { ratio });
  },
  quality: (draft, value) => void (draft.quality = Number(value || Number.NaN)),
  rgb: ({ edits }, value) => {
    const [r, g, b] = numbers(value).map((percent) => (255 * percent) / 100);
    edits.tint = { r, g, b };
  },
  // Without a value: as the camera was held, which every picture is anyway.
  rotate: ({ edits }, value) => void (edits.rotate = value === '' ? undefined : Number(value)),
  sharpen: ({ edits }, value) => void (edits.sharpen = 1 + Number(value.split(',')[1]) / 2),
  smart_crop: ({ edits }, value) => {
    const [faceIndex, padding] = value.split(',').map((part) => (part.trim() === '' ? undefined : Number.parseInt(part, 10)));
    edits.smartCrop = { faceIndex, padding };
  },
  stretch: ({ edits }) => resize(edits, edits.resize?.fit === 'inside' ? {} : { fit: 'fill' }),
  strip_exif: ({ edits }) => void (edits.rotate = null),
  strip_icc: ({ edits }) => void (edits.rotate = null),
  upscale: ({ edits }) => resize(edits, { fit: 'inside' }),
  watermark: ({ edits }, value) => {
    const [bucket, key, left, top, alpha, wRatio, hRatio] = value.replaceAll(/\s+/g, '').split(',');
    const options = { ...(isOffset(left) && { left }), ...(isOffset(top) && { top }) };
    edits.overlayWith = { bucket, key, alpha, wRatio, hRatio, options };
  },
} satisfies Record<string, (draft: Draft, value: string) => void>;

function resize(edits: Draft['edits'], options: Record<string, unknown>): void {
  edits.resize = { ...edits.resize, ...options };
}

function numbers(value: string): number[] {
  return value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}

/** A name, or hexadecimal digits without their #. */
function toColour(value: string): string {
  return /^[0-9a-f]{3,8}$/i.test(value) ? `#${value}` : value;
}

/** Pixels, or up to hundred hundredths either way. Anything else leaves the watermark in the middle. */
function isOffset(value: string | undefined): value is string {
  return value !== undefined && value !== '' && (/^-?(100|[1-9]?\d)p$/.test(value) || !Number.isNaN(Number(value)));
}

function order(a: Filter, b: Filter): number {
  const [first, second] = [`${a.name}(${a.value})`, `${b.name}(${b.value})`];
  return first < second ? -1 : Number(first > second);
}
