import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Headers, OriginReply } from './fetch-origin.ts';
import { forwardsCookies, type Forwarded } from './forward.ts';
import type { Behaviour, Distribution } from './model.ts';

/**
 * Headers of an origin as they reach viewers.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomRemovedHeaders
 */
export function storable(
  headers: Headers,
  behaviour: Behaviour,
  forwarded: Pick<Forwarded, 'forwards'>,
): Record<string, string | string[]> {
  const passing = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !REMOVED.has(name) && (name !== 'set-cookie' || forwardsCookies(behaviour)),
  );
  const result = Object.fromEntries(passing);
  const vary = [headers['vary'] ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => VARIES.has(name.toLowerCase()) || forwarded.forwards(name.toLowerCase()));
  delete result['vary'];
  if (vary.length > 0) result['vary'] = vary.join(', ');
  return result;
}

/** Marks what passed a distribution, which also shows when one is its own origin. */
export function viaOf({ id }: Distribution, httpVersion: string): string {
  return `${httpVersion} ${createHash('md5').update(id).digest('hex')}.cloudfront.net (CloudFront)`;
}

/** An answer of CloudFront's own. */
export function errorPage(status: number, message: string): OriginReply & { body: Readable } {
  const text = `<!DOCTYPE html><html><head><title>ERROR: The request could not be satisfied</title></head><body><h1>${status} ERROR</h1><p>${escape(message)}</p></body></html>`;
  return { status, headers: { server: 'CloudFront', 'content-type': 'text/html' }, body: Readable.from([Buffer.from(text)]) };
}

const VARIES = new Set(['*', 'accept-encoding', 'cookie']);

const REMOVED = new Set([
  ...['age', 'connection', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'via', 'x-amz-cf-id', 'x-amz-cf-pop', 'x-cache'],
]);

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
