import { sha256 } from '@larder/service/digest';
import { listEdits } from '../edits/edits.ts';
import type { ImageRequest } from './image-request.ts';

/** The one text of all requests that ask for the same answer. What a client takes, and how long the address is good, are not in it. */
export function canonicalText({ place, edits, output: { accepts: _, ...output }, headers }: ImageRequest): string {
  return stable({ place, edits: listEdits(edits), output, headers });
}

/** The name of the picture that answers a request: 64 hexadecimal digits. Requests whose answers differ only in their headers have the same. */
export function cacheKey({ place, edits, output }: ImageRequest): string {
  return sha256(stable({ place, edits: listEdits(edits), output }));
}

/** JSON with sorted keys. What is undefined, and null within an option object, says nothing and is left out. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const said = Object.entries(part).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
