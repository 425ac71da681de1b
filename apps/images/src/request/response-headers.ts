import { ImageError } from '../image-error.ts';

const denied = [
  /^(authorization|connection|server|transfer-encoding|referrer-policy|permissions-policy|www-authenticate|proxy-.*|x-api-key|set-cookie2?)$/,
  /^(x-(frame|content|xss|amz|amzn)|strict-transport|permissions|access-control|cross-origin|content)-/,
  // Besides those of AWS's solution: what sends a browser elsewhere, empties its stores, or says how the connection goes on.
  /^(location|refresh|link|clear-site-data|service-worker-allowed|sourcemap|nel|report-to|reporting-endpoints|alt-svc|upgrade|keep-alive|te|trailer|vary|date|via|age|etag)$/,
];

/**
 * Headers that a request asks its answer to have. Those that would make it something else than a picture are left out, as AWS's solution does.
 *
 * @throws {ImageError} `BadRequest` for what cannot be a header, or is too much.
 */
export function toResponseHeaders(asked: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries((asked ?? {}) as Readonly<Record<string, unknown>>);
  if (entries.length > 20) throw new ImageError('BadRequest', 'A request may ask for 20 headers at most.');
  const kept = entries.filter(([name]) => !denied.some((pattern) => pattern.test(name.toLowerCase())));
  return Object.fromEntries(kept.map(([name, value]) => [toName(name), toValue(value)]));
}

function toName(name: string): string {
  if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(name)) return name;
  throw new ImageError('BadRequest', 'There is a name among the headers that cannot be one.');
}

function toValue(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  if (text === undefined || text.length > 1024 || !text.isWellFormed())
    throw new ImageError('BadRequest', 'The value of a header must be text of at most 1,024 characters.');
  return encodeURI(text).replaceAll('%20', ' ');
}
