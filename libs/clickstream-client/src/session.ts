import { ulid } from './ulid.ts';
import type { World } from './world.ts';

const name = 'larder.session';
const isId = (text: string | null | undefined) => /^[A-Za-z0-9][\w-]{0,63}$/.test(text ?? '');

/**
 * Who the visitor is for this visit: the id that is given, or that of the pages before in this tab, or a new one.
 *
 * @throws {TypeError} for a given one that the service would not take.
 */
export function toSession({ storage, now, random }: World, given?: string): string {
  if (given !== undefined) {
    if (!isId(given)) throw new TypeError('A sessionId has 1 to 64 letters, digits, _ and -');
    return given;
  }
  try {
    const kept = storage?.getItem(name);
    if (kept && isId(kept)) return kept;
    const made = ulid(now(), random);
    storage?.setItem(name, made);
    return made;
  } catch {
    // What cannot be kept is good for this page.
    return ulid(now(), random);
  }
}
