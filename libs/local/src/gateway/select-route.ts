import type { Route, Segment } from './model.ts';

export interface Selected {
  readonly route: Route;
  /** Decoded; undefined when the route has no parameters. */
  readonly parameters: Record<string, string> | undefined;
}

/**
 * Reads a route's key.
 *
 * @throws {TypeError} for what API Gateway would refuse.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function parseRouteKey(key: string): { method: string; path: string; segments: Segment[] } {
  if (key === '$default') return { method: 'ANY', path: '$default', segments: [] };
  const [, method, path] = /^(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\/\S*)$/.exec(key) ?? [];
  if (method === undefined || path === undefined) throw new TypeError(`'${key}' is no route key: write '<METHOD> /<path>' or '$default'`);
  const parts = split(path);
  const segments = parts.map((part, index): Segment => {
    const [, name, rest] = /^\{([\w.:-]+)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) return { kind: 'text', text: part };
    if (rest === '+' && index !== parts.length - 1) throw new TypeError(`'${key}': {${name}+} can only be the last segment`);
    return rest === '+' ? { kind: 'rest', name } : { kind: 'one', name };
  });
  return { method, path, segments };
}

/**
 * Selects as API Gateway does: a full match, then a match with `{parameters}`, then the longest `{proxy+}`, then `$default`; of two with the same
 * path the one that names the method.
 *
 * @param path as it was sent, still encoded, without the service.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function createRouter(routes: Iterable<Route>): (method: string, path: string) => Selected | undefined {
  const all = [...routes];
  const ordered = all.filter(({ key }) => key !== '$default').sort((a, b) => compare(a, b));
  const otherwise = all.find(({ key }) => key === '$default');
  return (method, path) => {
    const given = split(path);
    for (const route of ordered) {
      if (route.method !== 'ANY' && route.method !== method) continue;
      const parameters = match(route.segments, given);
      if (parameters) return { route, parameters: Object.keys(parameters).length === 0 ? undefined : parameters };
    }
    return otherwise && { route: otherwise, parameters: undefined };
  };
}

const RANK = { text: 0, one: 1, rest: 2 } as const;

/** Segment by segment, what says more comes first. */
function compare(a: Route, b: Route): number {
  const greedy = Number(isGreedy(a)) - Number(isGreedy(b));
  if (greedy !== 0) return greedy;
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index++) {
    const one = a.segments[index];
    const other = b.segments[index];
    if (!one || !other) return one ? -1 : 1;
    if (one.kind !== other.kind) return RANK[one.kind] - RANK[other.kind];
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function isGreedy({ segments }: Route): boolean {
  return segments.at(-1)?.kind === 'rest';
}

function match(segments: readonly Segment[], given: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index];
    // `{proxy+}` takes one segment or more, never none.
    if (value === undefined || (value === '' && segment.kind !== 'text')) return undefined;
    if (segment.kind === 'rest') {
      parameters[segment.name] = given.slice(index).map(decode).join('/');
      return parameters;
    }
    if (segment.kind === 'one') parameters[segment.name] = decode(value);
    else if (segment.text !== value && segment.text !== decode(value)) return undefined;
  }
  return segments.length === given.length ? parameters : undefined;
}

/** `/` has no segments, and a slash at the end makes no difference. */
function split(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
