import type { Readable } from 'node:stream';
import type { Headers, OriginRequest } from './fetch-origin.ts';
import type { Forwarded } from './forward.ts';
import type { Behaviour, Distribution } from './model.ts';
import { viaOf } from './reply-headers.ts';
import { headerOf, type ViewerRequest } from './viewer.ts';

/** Conditions that a viewer sets: an origin hears of them when nothing is kept here. */
const CONDITIONS = ['if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since'] as const;

/**
 * What the origin is asked: what the policies forward, and what CloudFront says by itself.
 *
 * @param stale headers of an answer that has expired: the origin is asked whether it is still good
 */
export function toOriginRequest(
  {
    distribution,
    behaviour,
    viewer,
    body,
  }: { distribution: Distribution; behaviour: Behaviour; viewer: ViewerRequest; body: Readable | undefined },
  forwarded: Forwarded,
  stale: Headers | undefined,
): OriginRequest {
  const headers: Record<string, string> = {
    'user-agent': 'Amazon CloudFront',
    ...forwarded.headers,
    'x-forwarded-for': [...(viewer.headers['x-forwarded-for'] ?? []), viewer.ip].join(', '),
    via: [...(viewer.headers['via'] ?? []), viaOf(distribution, viewer.httpVersion)].join(', '),
    'x-amz-cf-id': viewer.id,
  };
  const pass = (name: string): void => {
    const value = headerOf(viewer, name);
    if (value !== undefined) headers[name] = value;
  };
  const isRead = viewer.method === 'GET' || viewer.method === 'HEAD';
  if (isRead) pass('range');
  if (!isRead || behaviour.cachePolicy.maxTtl === 0) CONDITIONS.forEach(pass);
  if (body !== undefined) ['content-type', 'content-length', 'content-encoding', 'x-amz-content-sha256'].forEach(pass);
  if (stale && headers['range'] === undefined) {
    if (stale['etag'] !== undefined) headers['if-none-match'] = String(stale['etag']);
    if (stale['last-modified'] !== undefined) headers['if-modified-since'] = String(stale['last-modified']);
  }
  return { method: viewer.method, path: `${viewer.uri}${forwarded.query}`, headers, body };
}
