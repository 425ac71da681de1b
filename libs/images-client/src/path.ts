import type { Picture } from './edits.ts';

/** Folders that the service takes for edits wherever they stand (`300x400`), and what browsers and proxies take out of a path (`..`, `//`). */
const mistakable = /(^|\/)([./]|fit-in|\d+x\d)/;

/** A picture as the end of a path of Thumbor's. What looks like something else is no folder any more when its slashes are escaped. */
export function toPath({ bucket, key }: Picture): string {
  const path = encodeURIComponent(key);
  return `${bucket ? `/s3:${bucket}` : ''}/${mistakable.test(key) ? path : path.replaceAll('%2F', '/')}`;
}

/** The edits that are on, in the order of their names: the same ones make the same address. */
export function listEdits(edits: object): [name: string, value: unknown][] {
  return Object.entries(edits)
    .filter(([, value]) => value)
    .sort();
}
