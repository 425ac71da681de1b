import type { Picture, ThumborEdits } from './edits.ts';
import { listEdits, toPath } from './path.ts';

/**
 * The address of a picture with edits as Thumbor writes it: `/fit-in/300x400/filters:format(webp)/photo.jpg`. Of keys that have an ending
 * the service takes those of pictures here; `toAddress` takes any.
 */
export function toThumborAddress(picture: Picture, edits: ThumborEdits = {}): string {
  const { width, height, fit, blur, ...others } = edits;
  // Thumbor blurs by a radius of two sigmas.
  const filters = listEdits({ ...others, blur: blur && 2 * blur, stretch: fit === 'fill' })
    .map(([name, value]) => `${name}(${value === true ? '' : value})`)
    .join(':');
  return (
    (fit === 'inside' ? '/fit-in' : '') +
    (width || height ? `/${Math.round(width || 0)}x${Math.round(height || 0)}` : '') +
    (filters && `/filters:${filters}`) +
    toPath(picture)
  );
}
