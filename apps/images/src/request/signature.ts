import { createHmac, timingSafeEqual } from 'node:crypto';

/** What is signed of a request as it stands: the path as it was sent, and the query without its signature, sorted and not escaped. */
export function literalText(path: string, query: ReadonlyMap<string, string>): string {
  const pairs = [...query].filter(([name]) => name !== 'signature').toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.length === 0 ? path : `${path}?${pairs.map((pair) => pair.join('=')).join('&')}`;
}

/** HMAC-SHA256 in hexadecimal digits. */
export function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/**
 * Whether one of the live secrets signed one of the texts. How long it takes says nothing about a signature that is wrong: every comparison is made, each in
 * constant time.
 */
export function isSigned(signature: string, texts: readonly string[], secrets: readonly string[]): boolean {
  if (!/^[0-9a-f]{64}$/.test(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  const matches = texts.flatMap((text) => secrets.map((secret) => timingSafeEqual(Buffer.from(sign(text, secret), 'hex'), given)));
  return matches.includes(true);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
