import type { Picture, QueryEdits } from './edits.ts';
import { listEdits, toPath } from './path.ts';

/**
 * The address of a picture with edits in its query: `/photo.jpg?format=auto&width=300`. Sides are whole pixels here, and of keys
 * that have an ending the service takes those of pictures; `toAddress` takes any.
 */
export function toQueryAddress(picture: Picture, edits: QueryEdits = {}): string {
  const query = listEdits(edits)
    .map((pair) => pair.join('='))
    .join('&');
  return `${toPath(picture)}${query && `?${query}`}`;
}
