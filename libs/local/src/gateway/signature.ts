import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { credentialScope } from '../endpoint/credential-scope.ts';
import { ROOT_CREDENTIALS } from '../iam/credentials.ts';
import type { Iam } from '../iam/iam.ts';
import { header, type Incoming } from './incoming.ts';

export type Verified = { readonly accessKeyId: string } | { readonly refused: string };

/** How far the clocks of caller and gateway may be apart. */
const SKEW_MS = 5 * 60_000;

/**
 * Verifies the SigV4 signature in a request's headers.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSignatureCheck(
  iam: Iam,
  now: () => number,
  service: 'execute-api' | 'lambda' = 'execute-api',
): (incoming: Incoming) => Verified {
  const keyOf = createSigningKeys();
  return (incoming) => {
    const authorization = header(incoming, 'authorization');
    if (authorization === undefined || !authorization.startsWith('AWS4-HMAC-SHA256 ')) return { refused: 'it is not signed with SigV4' };
    const scope = credentialScope(authorization, '');
    const signedHeaders = /SignedHeaders=([\w;-]+)/.exec(authorization)?.[1]?.split(';');
    const signature = /Signature=([0-9a-f]{64})\b/.exec(authorization)?.[1];
    if (!scope || !signedHeaders || !signature) return { refused: 'its Authorization header is incomplete' };
    if (scope.service !== service) return { refused: `it is signed for '${scope.service}', not for '${service}'` };

    const secret = iam.secretOf(scope.accessKeyId) ?? rootSecret(scope.accessKeyId);
    if (!secret) return { refused: 'its access key is nobody’s' };
    if (secret.sessionToken !== undefined && !same(header(incoming, 'x-amz-security-token') ?? '', secret.sessionToken)) {
      return { refused: 'its session token is missing or another’s' };
    }
    const stamp = header(incoming, 'x-amz-date') ?? '';
    const time = parseStamp(stamp);
    if (time === undefined || !stamp.startsWith(scope.date)) return { refused: 'its X-Amz-Date is missing or does not fit the signature' };
    if (Math.abs(now() - time) > SKEW_MS) return { refused: `it was signed at ${stamp}, more than five minutes from now` };
    if (!signedHeaders.includes('host')) return { refused: 'its Host header is not signed' };

    const bodyHash = hash(incoming.body);
    const announced = header(incoming, 'x-amz-content-sha256');
    if (announced !== undefined && announced !== bodyHash) return { refused: 'its body is not the one that was signed' };
    const request = canonicalRequest(incoming, signedHeaders, bodyHash);
    const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${stamp}\n${scopeText}\n${hash(request)}`;
    const expected = createHmac('sha256', keyOf(secret.secretAccessKey, scope.date, scope.region, scope.service))
      .update(text)
      .digest('hex');
    return same(expected, signature) ? { accessKeyId: scope.accessKeyId } : { refused: 'its signature does not match' };
  };
}

function rootSecret(accessKeyId: string): { secretAccessKey: string; sessionToken?: undefined } | undefined {
  return accessKeyId === ROOT_CREDENTIALS.accessKeyId ? ROOT_CREDENTIALS : undefined;
}

function canonicalRequest(incoming: Incoming, signedHeaders: readonly string[], bodyHash: string): string {
  const headers = signedHeaders.map((name) => `${name}:${(header(incoming, name) ?? '').trim().replaceAll(/\s+/g, ' ')}\n`).join('');
  return [
    incoming.method,
    canonicalPath(incoming.rawPath),
    canonicalQuery(incoming.rawQuery),
    headers,
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

/** The path is encoded as sent, and then once more, slashes apart. */
function canonicalPath(rawPath: string): string {
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  const path = `/${segments.join('/')}`;
  return rawPath.endsWith('/') && path !== '/' ? `${path}/` : path;
}

export function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  const pairs = rawQuery.split('&').filter((pair) => pair !== '');
  const encoded = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [encode(decode(name)), encode(decode(value))] as const;
  });
  return encoded
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : Number(x > y)) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** RFC 3986, which leaves fewer characters alone than `encodeURIComponent` does. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `20261102T101500Z` */
export function parseStamp(stamp: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

export function hash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** In constant time, whatever the lengths. */
export function same(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** A signing key is good for a day, and costs four hashes. */
export function createSigningKeys(): (secret: string, date: string, region: string, service: string) => Buffer {
  const keys = new Map<string, Buffer>();
  return (secret, ...scope) => {
    const name = [secret, ...scope].join('/');
    let key = keys.get(name);
    if (!key) {
      key = [...scope, 'aws4_request'].reduce<Buffer>(
        (previous, part) => createHmac('sha256', previous).update(part).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      if (keys.size >= 1_000) keys.clear();
      keys.set(name, key);
    }
    return key;
  };
}
