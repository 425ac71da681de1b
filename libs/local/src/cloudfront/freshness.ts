import type { CachePolicy } from './model.ts';
import type { Headers } from './fetch-origin.ts';

/** How long an answer may be served without asking the origin. */
export interface Freshness {
  readonly ms: number;
  /** False when it is not worth keeping: never fresh, and nothing to ask the origin with. */
  readonly keep: boolean;
  /** Whether it may be served when the origin fails later. */
  readonly staleIfError: boolean;
}

/** Errors that are kept in any case, and those that are kept when the origin says for how long. */
const ALWAYS = new Set([404, 414, 500, 501, 502, 503, 504]);
const WHEN_SAID = new Set([400, 403, 405, 412, 415]);
const KEPT = new Set([200, 203, 204, 300, 301, 302, 307, 308]);

/**
 * @param errorTtl of the status, in seconds
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html#ExpirationDownloadDist
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
export function freshness(status: number, headers: Headers, policy: CachePolicy, errorTtl: number, now: number): Freshness {
  const control = directives(headers['cache-control']);
  const said = seconds(control.get('s-maxage')) ?? seconds(control.get('max-age'));
  if (status >= 400) {
    const kept = ALWAYS.has(status) || (WHEN_SAID.has(status) && said !== undefined);
    const ttl = kept ? Math.max(errorTtl, Math.min(said ?? untilExpiry(headers, now) ?? 0, policy.maxTtl)) : 0;
    return { ms: ttl * 1000, keep: ttl > 0, staleIfError: false };
  }
  // Of an answer that is different whenever it is asked for, one cannot stand for another.
  const varies = [headers['vary'] ?? []].flat().some((value) => value.includes('*')) && policy.minTtl === 0;
  if (!KEPT.has(status) || varies || policy.maxTtl === 0) return { ms: 0, keep: false, staleIfError: false };

  const forbidden = control.has('no-store') || control.has('private');
  const ttl =
    forbidden || control.has('no-cache')
      ? policy.minTtl
      : Math.min(policy.maxTtl, Math.max(policy.minTtl, said ?? untilExpiry(headers, now) ?? policy.defaultTtl));
  const canAsk = !forbidden && (headers['etag'] !== undefined || headers['last-modified'] !== undefined);
  return { ms: ttl * 1000, keep: ttl > 0 || canAsk, staleIfError: seconds(control.get('stale-if-error')) !== 0 };
}

function directives(value: string | string[] | undefined): Map<string, string> {
  const entries = [value ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((each) => each.trim().split('='));
  return new Map(entries.map(([name = '', argument = '']) => [name.toLowerCase(), argument.replaceAll('"', '')]));
}

function seconds(argument: string | undefined): number | undefined {
  return argument !== undefined && /^\d+$/.test(argument) ? Number(argument) : undefined;
}

function untilExpiry(headers: Headers, now: number): number | undefined {
  if (headers['expires'] === undefined) return undefined;
  const expires = Date.parse(String(headers['expires']));
  // What is no date has expired.
  return Number.isNaN(expires) ? 0 : Math.max(0, (expires - now) / 1000);
}
