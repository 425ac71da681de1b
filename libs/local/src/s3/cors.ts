import type { Bucket, CorsRule } from './bucket.ts';

/** A page that asks, and what it asks. */
export interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  /** What `Access-Control-Request-Headers` lists. */
  readonly headers: readonly string[];
}

/**
 * The headers by which a bucket lets a page read its answer; undefined when no rule fits.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export function corsHeaders({ settings }: Bucket, question: CorsQuestion, preflight: boolean): Record<string, string> | undefined {
  const rule = settings.cors.find((each) => fits(each, question));
  if (!rule) return undefined;
  const anybody = rule.origins.includes('*');
  return {
    'access-control-allow-origin': anybody ? '*' : question.origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(!anybody && { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
    ...(preflight && question.headers.length > 0 && { 'access-control-allow-headers': question.headers.join(', ') }),
    ...(preflight && rule.maxAge !== undefined && { 'access-control-max-age': String(rule.maxAge) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function fits(rule: CorsRule, { origin, method, headers }: CorsQuestion): boolean {
  return (
    rule.methods.includes(method) &&
    rule.origins.some((pattern) => matches(pattern, origin)) &&
    headers.every((header) => rule.headers.some((pattern) => matches(pattern.toLowerCase(), header.toLowerCase())))
  );
}

/** A pattern has one `*` at most. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === text;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
