import type { AddedHeader, CachePolicy, Names, OriginRequestPolicy, ResponseCors, ResponseHeadersPolicy } from './model.ts';
import { ALL, NONE, only } from './policies.ts';

const YEAR = 31_536_000;
const DAY = 86_400;
const METHOD_HEADERS = ['host', 'origin', 'x-http-method', 'x-http-method-override', 'x-method-override'];

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
export const MANAGED_CACHE_POLICIES: ReadonlyMap<string, CachePolicy> = new Map([
  // Amplify
  ['2e54312d-136d-493c-8eb9-b001f22f67d2', cache([2, 2, 600], only('authorization', 'cloudfront-viewer-country', 'host'), ALL, ALL, true)],
  // CachingDisabled
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', cache([0, 0, 0], NONE, NONE, NONE, false)],
  // CachingOptimized
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', cache([1, DAY, YEAR], NONE, NONE, NONE, true)],
  // CachingOptimizedForUncompressedObjects
  ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', cache([1, DAY, YEAR], NONE, NONE, NONE, false)],
  // Elemental-MediaPackage
  [
    '08627262-05a9-4f76-9ded-b50ca2e3a84f',
    { ...cache([0, DAY, YEAR], only('origin'), NONE, only('aws.manifestfilter', 'start', 'end', 'm'), true), brotli: false },
  ],
  // UseOriginCacheControlHeaders
  ['83da9c7e-98b4-4e11-a168-04f0df8e2c65', cache([0, 0, YEAR], only(...METHOD_HEADERS), ALL, NONE, true)],
  // UseOriginCacheControlHeaders-QueryStrings
  ['4cc15a8a-d715-48a4-82b8-cc0b614638fe', cache([0, 0, YEAR], only(...METHOD_HEADERS), ALL, ALL, true)],
]);

const PREFLIGHT_HEADERS = ['origin', 'access-control-request-headers', 'access-control-request-method'];

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
export const MANAGED_ORIGIN_REQUEST_POLICIES: ReadonlyMap<string, OriginRequestPolicy> = new Map([
  // AllViewer
  ['216adef6-5c7f-47e4-b989-5492eafa07d3', { headers: ALL, cookies: ALL, query: ALL }],
  // AllViewerAndCloudFrontHeaders-2022-06
  [
    '33f36d7e-f396-46d9-90e0-52428a34d9dc',
    {
      headers: {
        kind: 'all',
        names: new Set([
          'cloudfront-forwarded-proto',
          ...['android', 'desktop', 'ios', 'mobile', 'smarttv', 'tablet'].map((device) => `cloudfront-is-${device}-viewer`),
          'cloudfront-viewer-address',
          'cloudfront-viewer-http-version',
        ]),
      },
      cookies: ALL,
      query: ALL,
    },
  ],
  // AllViewerExceptHostHeader
  ['b689b0a8-53d0-40ab-baf2-68738e2966ac', { headers: { kind: 'except', names: new Set(['host']) }, cookies: ALL, query: ALL }],
  // CORS-CustomOrigin
  ['59781a5b-3903-41f3-afcb-af62929ccde1', { headers: only('origin'), cookies: NONE, query: NONE }],
  // CORS-S3Origin
  ['88a5eaf4-2fd4-4709-b370-b4c650ea3fcf', { headers: only(...PREFLIGHT_HEADERS), cookies: NONE, query: NONE }],
  // Elemental-MediaTailor-PersonalizedManifests
  [
    '775133bc-15f2-49f9-abea-afb2e0bf67d2',
    { headers: only(...PREFLIGHT_HEADERS, 'user-agent', 'x-forwarded-for'), cookies: NONE, query: ALL },
  ],
  // UserAgentRefererHeaders
  ['acba4595-bd28-49b8-b9fe-13317c0390fa', { headers: only('user-agent', 'referer'), cookies: NONE, query: NONE }],
]);

const SECURITY: readonly AddedHeader[] = [
  { name: 'referrer-policy', value: 'strict-origin-when-cross-origin', override: false },
  { name: 'strict-transport-security', value: 'max-age=31536000', override: false },
  { name: 'x-content-type-options', value: 'nosniff', override: true },
  { name: 'x-frame-options', value: 'SAMEORIGIN', override: false },
  { name: 'x-xss-protection', value: '1; mode=block', override: false },
];
const SIMPLE_CORS: ResponseCors = {
  origins: ['*'],
  methods: [],
  headers: [],
  exposed: [],
  maxAge: undefined,
  credentials: false,
  override: false,
};
const PREFLIGHT_CORS: ResponseCors = {
  ...SIMPLE_CORS,
  methods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
  exposed: ['*'],
};

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html */
export const MANAGED_RESPONSE_HEADERS_POLICIES: ReadonlyMap<string, ResponseHeadersPolicy> = new Map([
  // SimpleCORS
  ['60669652-455b-4ae9-85a4-c4c02393f86c', { removed: [], added: [], cors: SIMPLE_CORS }],
  // CORS-With-Preflight
  ['5cc3b908-e619-4b99-88e5-2cf7f45965bd', { removed: [], added: [], cors: PREFLIGHT_CORS }],
  // SecurityHeadersPolicy
  ['67f7725c-6f97-4210-82d7-5512b31e9d03', { removed: [], added: SECURITY, cors: undefined }],
  // CORS-and-SecurityHeadersPolicy
  ['e61eb60c-9c35-4d20-a928-2b84e02af89c', { removed: [], added: SECURITY, cors: SIMPLE_CORS }],
  // CORS-with-preflight-and-SecurityHeadersPolicy
  ['eaab4381-ed33-4a86-88ca-d9558dc6cd63', { removed: [], added: SECURITY, cors: PREFLIGHT_CORS }],
]);

function cache(
  [minTtl, defaultTtl, maxTtl]: readonly [number, number, number],
  headers: Names,
  cookies: Names,
  query: Names,
  compressed: boolean,
): CachePolicy {
  return { minTtl, defaultTtl, maxTtl, headers, cookies, query, gzip: compressed, brotli: compressed };
}
