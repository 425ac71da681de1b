import { ImageError } from '../image-error.ts';
import type { Place } from '../request/place.ts';
import type { Configuration, Mapping, Origin, WebOrigin } from './define-configuration.ts';

/** The mapping that a request is for, if any: by its host, or else by its path; of several the longest. */
export function mappingOf({ mappings }: Configuration, host: string | undefined, path: string): Mapping | undefined {
  const name = host?.toLowerCase().replace(/:\d+$/, '');
  const byHost = name === undefined ? [] : mappings.filter((mapping) => 'host' in mapping && fits(mapping.host.toLowerCase(), name));
  const matching = byHost.length > 0 ? byHost : mappings.filter((mapping) => 'path' in mapping && fits(mapping.path, path));
  return matching.toSorted((a, b) => patternOf(b).length - patternOf(a).length)[0];
}

/**
 * Where a path, escaped as it was sent, is at an origin.
 *
 * @throws {ImageError} `DecodeRequest::CannotReadPath` for one that leads out of it.
 */
export function placeAt(origin: Origin, path: string, defaultBucket: string): Place {
  if ('url' in origin) return { url: toUrl(origin.url, path) };
  const key = `${(origin.path ?? '').replace(/^\/|\/$/g, '')}${unescaped(path)}`;
  return { bucket: origin.bucket ?? defaultBucket, key: key.replace(/^\//, '') };
}

/** The origin that an address is at: below its address, and by no other scheme or port. */
export function originOf({ origins }: Pick<Configuration, 'origins'>, url: string): WebOrigin | undefined {
  const { origin: site, pathname } = new URL(url);
  const web = [...origins.values()].filter((origin) => 'url' in origin);
  return web.find((origin) => {
    const base = new URL(origin.url);
    return base.origin === site && (pathname === base.pathname || pathname.startsWith(base.pathname.replace(/\/?$/, '/')));
  });
}

/** One pattern has one `*` at most, at one of its ends. */
function fits(pattern: string, value: string): boolean {
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  return value === pattern || (pattern.endsWith('/') && value.startsWith(pattern));
}

const patternOf = (mapping: Mapping): string => ('host' in mapping ? mapping.host : mapping.path);

/** A path stays a path, whatever is in it: no query, no fragment, and no way up. */
function toUrl(base: string, path: string): string {
  const url = new URL(base);
  const root = url.pathname.replace(/\/$/, '');
  url.pathname = `${root}${path}`;
  if (url.pathname.startsWith(`${root}/`)) return url.href;
  throw new ImageError('DecodeRequest::CannotReadPath', 'The path leads out of where pictures come from.');
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new ImageError('DecodeRequest::CannotReadPath', 'The path has an escape that is not UTF-8.', { cause });
  }
}
