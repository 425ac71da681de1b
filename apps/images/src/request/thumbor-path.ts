import { ImageError } from '../image-error.ts';
import type { RawRequest } from './image-request.ts';
import { applyFilters, type Filter } from './thumbor-filters.ts';

const pictures = /\.(jpe?g|png|webp|tiff?|svg|gif|avif)$/i;
const extension = /\.[^.\\/]+$/;
const crop = /\/(\d{1,6})x(\d{1,6}):(\d{1,6})x(\d{1,6})(?=\/)/;
const size = /\/(\d+)x(\d+)(?=\/)/;
const fitIn = /\/fit-in(?=\/)/;
const bucket = /\/s3:([^/]*)(?=\/)/;
/** `name(value)`, `name(value):name(value)`: a value may have slashes in it (the key of a watermark), but no parentheses. */
const filters = /\/filters:([a-z_]+\([^()]*\)(?::[a-z_]+\([^()]*\))*)(?=\/)/;

/**
 * Reads a path of Thumbor's: `/fit-in/300x400/filters:quality(50)/s3:bucket/key.jpg`, in any order but for the key, which comes last.
 *
 * @throws {ImageError} with status 400 when it is none.
 */
export function readThumborPath(path: string): RawRequest {
  if (extension.test(path) && !pictures.test(path)) {
    throw new ImageError(
      'RequestTypeError',
      'The type of this request is not known: it is neither Base64 of JSON nor a path to a picture (jpg, jpeg, png, webp, tif, tiff, svg, gif, avif, or no extension).',
    );
  }
  const asked = toFilters(path);
  const { quality, edits } = applyFilters(asked, shapeOf(path));
  return { bucket: bucket.exec(path)?.[1], key: keyOf(path), edits, quality };
}

function toFilters(path: string): Filter[] {
  const found = [...path.matchAll(new RegExp(filters, 'g'))].flatMap(([, list = '']) => [...list.matchAll(/([a-z_]+)\(([^()]*)\)/g)]);
  return found.map(([, name = '', value = '']) => ({ name, value: decoded(value) }));
}

/** Area and size, which come before all filters. */
function shapeOf(path: string): Record<string, unknown> {
  const edits: Record<string, unknown> = {};
  const area = crop.exec(path)?.slice(1).map(Number);
  if (area) {
    const [left = 0, top = 0, right = 0, bottom = 0] = area;
    edits.crop = { left, top, width: right - left, height: bottom - top };
  }
  const sides = size.exec(path)?.slice(1).map(Number);
  const [width = 0, height = 0] = sides ?? [];
  if (sides) edits.resize = { ...(width > 0 && height > 0 ? {} : { fit: 'inside' }), width: width || null, height: height || null };
  if (fitIn.test(path)) edits.resize = { ...(edits.resize as object | undefined), fit: 'inside' };
  return edits;
}

function keyOf(path: string): string {
  const key = path
    .replaceAll(new RegExp(crop, 'g'), '')
    .replaceAll(new RegExp(size, 'g'), '')
    .replaceAll(new RegExp(filters, 'g'), '')
    .replaceAll(new RegExp(fitIn, 'g'), '')
    .replace(bucket, '')
    .replace(/^\/+/, '');
  if (/(^|\/)filters:/.test(key))
    throw new ImageError('ImageEdits::CannotParseEdits', 'The filters must be written as filters:name(value):name(value).');
  return decoded(key);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ImageError('DecodeRequest::CannotReadPath', 'The path has an escape that is not UTF-8.', { cause });
  }
}
