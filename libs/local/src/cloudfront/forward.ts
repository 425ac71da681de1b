import type { Behaviour, Names } from './model.ts';
import { type Pair, headerOf, toQuery, type ViewerRequest } from './viewer.ts';

/** What of a request identifies the answer, and what the origin gets to see. */
export interface Forwarded {
  /** The same for requests that the same answer does for. */
  readonly key: string;
  /** Path and query as the cache knows them: what invalidations are compared with. */
  readonly path: string;
  readonly query: string;
  readonly headers: Record<string, string>;
  /** Names of viewer headers that reach the origin: what `Vary` may speak of. */
  readonly forwards: (header: string) => boolean;
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html */
export function forward(viewer: ViewerRequest, behaviour: Behaviour): Forwarded {
  const { cachePolicy, originRequestPolicy: more } = behaviour;
  const encoding = normalisedEncoding(headerOf(viewer, 'accept-encoding'), cachePolicy);
  const compressed = cachePolicy.gzip || cachePolicy.brotli;
  const keyQuery = toQuery(viewer.query.filter(({ name }) => has(cachePolicy.query, name)));
  const keyCookies = viewer.cookies.filter(({ name }) => has(cachePolicy.cookies, name));
  const available = { ...viewer.headers, ...generatedHeaders(viewer, cachePolicy.headers, more?.headers) };
  const keyHeaders = Object.keys(available)
    .filter((name) => has(cachePolicy.headers, name))
    .sort()
    .map((name) => [name, available[name]?.join(', ')]);
  const path = `${viewer.uri}${keyQuery}`;

  const headers: Record<string, string> = {};
  const forwards = (name: string): boolean => forwardsHeader(behaviour, name);
  for (const [name, values] of Object.entries(available)) if (forwards(name) && !NEVER.has(name)) headers[name] = values.join(', ');
  const cookies = viewer.cookies.filter(({ name }) => has(cachePolicy.cookies, name) || (more !== undefined && has(more.cookies, name)));
  if (cookies.length > 0) headers['cookie'] = joined(cookies);
  if (compressed) {
    if (viewer.headers['accept-encoding'] === undefined) delete headers['accept-encoding'];
    else headers['accept-encoding'] = encoding ?? 'identity';
  }
  return {
    key: JSON.stringify([path, keyHeaders, joined(keyCookies), compressed ? (encoding ?? '') : '']),
    path,
    query: toQuery(viewer.query.filter(({ name }) => has(cachePolicy.query, name) || (more !== undefined && has(more.query, name)))),
    headers,
    forwards,
  };
}

/** Whether a header of the viewer reaches the origin. */
export function forwardsHeader({ cachePolicy, originRequestPolicy }: Behaviour, name: string): boolean {
  return has(cachePolicy.headers, name) || (originRequestPolicy !== undefined && has(originRequestPolicy.headers, name));
}

/** Whether cookies reach the origin: then answers may be somebody's own, and requests are not collapsed. */
export function forwardsCookies({ cachePolicy, originRequestPolicy }: Behaviour): boolean {
  return cachePolicy.cookies.kind !== 'none' || (originRequestPolicy !== undefined && originRequestPolicy.cookies.kind !== 'none');
}

/** Headers of a connection, and those that are made anew for every request to an origin. */
const NEVER = new Set([
  ...[
    'connection',
    'content-length',
    'expect',
    'keep-alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
  ],
  ...['upgrade', 'via', 'x-forwarded-for', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'range'],
]);

function has({ kind, names }: Names, name: string): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'only':
      return names.has(name);
    case 'except':
      return !names.has(name);
    default:
      return false;
  }
}

function joined(pairs: readonly Pair[]): string {
  return pairs.map(({ text }) => text).join('; ');
}

/** `br,gzip`, one of them, or nothing: what the viewer can read and the policy keeps apart. */
function normalisedEncoding(accepted: string | undefined, { gzip, brotli }: Behaviour['cachePolicy']): string | undefined {
  const understood = new Set(
    (accepted ?? '')
      .split(',')
      .map((each) =>
        each
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/),
      )
      .filter(([, quality]) => !/^q=0(?:\.0*)?$/.test(quality ?? ''))
      .map(([name]) => name),
  );
  const both = [brotli && understood.has('br') && 'br', gzip && understood.has('gzip') && 'gzip'].filter(Boolean);
  return both.length === 0 ? undefined : both.join(',');
}

/** Headers that CloudFront makes, those that a policy asks for by name. What needs to know where a viewer is, nobody knows here. */
function generatedHeaders(viewer: ViewerRequest, ...policies: readonly (Names | undefined)[]): Record<string, readonly string[]> {
  const wanted = new Set(policies.flatMap((names) => (names === undefined || names.kind === 'except' ? [] : [...names.names])));
  const made: Record<string, readonly string[]> = {};
  for (const name of wanted) {
    const make = GENERATED[name];
    if (make) made[name] = [make(viewer, headerOf(viewer, 'user-agent') ?? '')];
  }
  return made;
}

const GENERATED: Readonly<Record<string, (viewer: ViewerRequest, agent: string) => string>> = {
  'cloudfront-forwarded-proto': () => 'http',
  'cloudfront-viewer-address': ({ ip, port }) => `${ip}:${port}`,
  'cloudfront-viewer-http-version': ({ httpVersion }) => httpVersion,
  'cloudfront-is-android-viewer': (_, agent) => String(/android/i.test(agent)),
  'cloudfront-is-ios-viewer': (_, agent) => String(/iphone|ipad|ipod/i.test(agent)),
  'cloudfront-is-tablet-viewer': (_, agent) => String(isTablet(agent)),
  'cloudfront-is-mobile-viewer': (_, agent) => String(/mobi/i.test(agent) && !isTablet(agent)),
  'cloudfront-is-smarttv-viewer': (_, agent) => String(isTelevision(agent)),
  'cloudfront-is-desktop-viewer': (_, agent) => String(!/mobi|android/i.test(agent) && !isTablet(agent) && !isTelevision(agent)),
};

/** Whether a policy may ask for a header of CloudFront's and get it. */
export function isGenerated(name: string): boolean {
  return Object.hasOwn(GENERATED, name);
}

function isTablet(agent: string): boolean {
  return /ipad|tablet/i.test(agent) || (/android/i.test(agent) && !/mobi/i.test(agent));
}

function isTelevision(agent: string): boolean {
  return /smart-?tv|appletv|googletv|hbbtv/i.test(agent);
}
