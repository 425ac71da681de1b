import { forward } from './forward.ts';
import { MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES } from './managed-policies.ts';
import type { Behaviour, CachePolicy, OriginRequestPolicy } from './model.ts';
import { ALL, NONE, only, readCachePolicy, readForwardedValues } from './policies.ts';
import type { ViewerRequest } from './viewer.ts';

const optimised = MANAGED_CACHE_POLICIES.get('658327ea-f89d-4fab-a63d-7e88639e58f6') as CachePolicy;
const behaviour = (cachePolicy: CachePolicy, originRequestPolicy?: OriginRequestPolicy): Behaviour => ({
  pathPattern: '*',
  originId: 'o',
  allowedMethods: new Set(['GET']),
  cachesOptions: false,
  cachePolicy,
  originRequestPolicy,
  responseHeadersPolicy: undefined,
  viewerRequest: undefined,
  viewerResponse: undefined,
});
const viewer = (more: Partial<ViewerRequest> = {}): ViewerRequest => ({
  method: 'GET',
  uri: '/a.jpg',
  query: [
    { name: 'width', text: 'width=7' },
    { name: 'session', text: 'session=x' },
  ],
  headers: { host: ['images.localhost'], accept: ['image/avif'], 'user-agent': ['Browser (iPad)'], origin: ['http://a.example'] },
  cookies: [
    { name: 'theme', text: 'theme=dark' },
    { name: 'id', text: 'id=7' },
  ],
  ip: '127.0.0.1',
  port: 5000,
  httpVersion: '1.1',
  id: 'id',
  ...more,
});

it('without names in a policy the path is the key, and little is forwarded', () => {
  const result = forward(viewer(), behaviour(optimised));
  expect(result).toMatchObject({ path: '/a.jpg', query: '', headers: {} });
  expect(result.key).toBe(forward(viewer({ query: [], headers: { accept: ['text/html'] }, cookies: [] }), behaviour(optimised)).key);
  expect(result.key).not.toBe(forward(viewer({ uri: '/b.jpg' }), behaviour(optimised)).key);
});

it('names in the cache policy make the key and reach the origin', () => {
  const policy = { ...optimised, headers: only('accept'), query: only('width'), cookies: only('theme') };
  const { key, headers, query } = forward(viewer(), behaviour(policy));
  expect([headers, query]).toEqual([{ accept: 'image/avif', cookie: 'theme=dark' }, '?width=7']);
  const keyOf = (more: Partial<ViewerRequest>): string => forward(viewer(more), behaviour(policy)).key;
  expect(keyOf({ headers: { ...viewer().headers, accept: ['image/webp'] } })).not.toBe(key);
  expect(keyOf({ query: [{ name: 'width', text: 'width=8' }] })).not.toBe(key);
  expect(keyOf({ cookies: [{ name: 'theme', text: 'theme=light' }] })).not.toBe(key);
  expect(keyOf({ query: [{ name: 'width', text: 'width=7' }], cookies: [{ name: 'theme', text: 'theme=dark' }] })).toBe(key);
});

it('an origin request policy forwards more without changing the key', () => {
  const all = MANAGED_ORIGIN_REQUEST_POLICIES.get('b689b0a8-53d0-40ab-baf2-68738e2966ac');
  const { key, headers, query } = forward(viewer(), behaviour(optimised, all));
  expect(query).toBe('?width=7&session=x');
  expect(headers).toEqual({
    accept: 'image/avif',
    'user-agent': 'Browser (iPad)',
    origin: 'http://a.example',
    cookie: 'theme=dark; id=7',
  });
  expect(key).toBe(forward(viewer(), behaviour(optimised)).key);
});

it.each([
  ['gzip, deflate, br', 'br,gzip'],
  ['br;q=1.0, gzip;q=0', 'br'],
  ['gzip', 'gzip'],
  ['deflate', 'identity'],
  [undefined, undefined],
])('Accept-Encoding %s becomes %s', (accepted, forwarded) => {
  const headers: Record<string, string[]> = accepted === undefined ? {} : { 'accept-encoding': [accepted] };
  expect(forward(viewer({ headers }), behaviour(optimised)).headers['accept-encoding']).toBe(forwarded);
});

it('headers that CloudFront makes come by name only', () => {
  const policy = { ...optimised, headers: only('cloudfront-is-tablet-viewer', 'cloudfront-is-mobile-viewer') };
  expect(forward(viewer(), behaviour(policy)).headers).toEqual({
    'cloudfront-is-tablet-viewer': 'true',
    'cloudfront-is-mobile-viewer': 'false',
  });
});

it('reads policies as templates write them', () => {
  expect(
    readCachePolicy({
      MinTTL: 1,
      DefaultTTL: '60',
      MaxTTL: 600,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: true,
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Accept'] },
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: ['session'] },
      },
    }),
  ).toEqual({
    ...{ minTtl: 1, defaultTtl: 60, maxTtl: 600, headers: only('accept'), cookies: NONE },
    ...{ query: { kind: 'except', names: new Set(['session']) }, gzip: true, brotli: false },
  });
  expect(readForwardedValues({ ForwardedValues: { QueryString: true, Headers: ['*'], Cookies: { Forward: 'all' } } })).toMatchObject({
    ...{ maxTtl: 0, headers: ALL, cookies: ALL, query: ALL },
  });
  expect(() => readCachePolicy({ MinTTL: 'soon' })).toThrow('MinTTL is soon');
});
