import type { AddedHeader, CachePolicy, Names, OriginRequestPolicy, ResponseCors, ResponseHeadersPolicy } from './model.ts';
import { count, flag, part, parts, type Properties, text, texts } from './properties.ts';

const YEAR = 31_536_000;
const DAY = 86_400;
export const NONE: Names = { kind: 'none', names: new Set() };
export const ALL: Names = { kind: 'all', names: new Set() };

export function only(...names: readonly string[]): Names {
  return { kind: 'only', names: new Set(names) };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-cachepolicy-cachepolicyconfig.html */
export function readCachePolicy(config: Properties): CachePolicy {
  const key = part(config, 'ParametersInCacheKeyAndForwardedToOrigin') ?? {};
  const minTtl = count(config, 'MinTTL', 0);
  const defaultTtl = Math.max(minTtl, count(config, 'DefaultTTL', DAY));
  return {
    minTtl,
    defaultTtl,
    maxTtl: Math.max(defaultTtl, count(config, 'MaxTTL', YEAR)),
    headers: lower(namesOf(key, 'HeadersConfig', 'HeaderBehavior', 'Headers')),
    cookies: namesOf(key, 'CookiesConfig', 'CookieBehavior', 'Cookies'),
    query: namesOf(key, 'QueryStringsConfig', 'QueryStringBehavior', 'QueryStrings'),
    gzip: flag(key, 'EnableAcceptEncodingGzip'),
    brotli: flag(key, 'EnableAcceptEncodingBrotli'),
  };
}

/** What behaviours said before there were policies. Headers `*` forward everything, and so nothing is kept. */
export function readForwardedValues(behaviour: Properties): CachePolicy {
  const values = part(behaviour, 'ForwardedValues') ?? {};
  const cookies = part(values, 'Cookies') ?? {};
  const headers = texts(values, 'Headers');
  const keys = texts(values, 'QueryStringCacheKeys');
  const everything = headers.includes('*');
  const forward = text(cookies, 'Forward') ?? 'none';
  const minTtl = count(behaviour, 'MinTTL', 0);
  return {
    minTtl: everything ? 0 : minTtl,
    defaultTtl: everything ? 0 : Math.max(minTtl, count(behaviour, 'DefaultTTL', DAY)),
    maxTtl: everything ? 0 : Math.max(minTtl, count(behaviour, 'MaxTTL', YEAR)),
    headers: everything ? ALL : headers.length === 0 ? NONE : lower(only(...headers)),
    cookies: forward === 'all' ? ALL : forward === 'whitelist' ? only(...texts(cookies, 'WhitelistedNames')) : NONE,
    query: !flag(values, 'QueryString') ? NONE : keys.length > 0 ? only(...keys) : ALL,
    gzip: true,
    brotli: flag(behaviour, 'Compress'),
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-originrequestpolicy-originrequestpolicyconfig.html */
export function readOriginRequestPolicy(config: Properties): OriginRequestPolicy {
  return {
    headers: lower(namesOf(config, 'HeadersConfig', 'HeaderBehavior', 'Headers')),
    cookies: namesOf(config, 'CookiesConfig', 'CookieBehavior', 'Cookies'),
    query: namesOf(config, 'QueryStringsConfig', 'QueryStringBehavior', 'QueryStrings'),
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-responseheaderspolicy-responseheaderspolicyconfig.html */
export function readResponseHeadersPolicy(config: Properties): ResponseHeadersPolicy {
  const removed = parts(part(config, 'RemoveHeadersConfig') ?? {}, 'Items').map((item) => (text(item, 'Header') ?? '').toLowerCase());
  const custom = parts(part(config, 'CustomHeadersConfig') ?? {}, 'Items').map((item): AddedHeader => ({
    name: (text(item, 'Header') ?? '').toLowerCase(),
    value: text(item, 'Value') ?? '',
    override: flag(item, 'Override'),
  }));
  const cors = part(config, 'CorsConfig');
  return { removed, added: [...securityHeaders(part(config, 'SecurityHeadersConfig') ?? {}), ...custom], cors: cors && corsOf(cors) };
}

function securityHeaders(config: Properties): AddedHeader[] {
  const added: AddedHeader[] = [];
  const add = (setting: string, name: string, value: (from: Properties) => string): void => {
    const from = part(config, setting);
    if (from) added.push({ name, value: value(from), override: flag(from, 'Override') });
  };
  add('ContentSecurityPolicy', 'content-security-policy', (from) => text(from, 'ContentSecurityPolicy') ?? '');
  add('ContentTypeOptions', 'x-content-type-options', () => 'nosniff');
  add('FrameOptions', 'x-frame-options', (from) => text(from, 'FrameOption') ?? 'SAMEORIGIN');
  add('ReferrerPolicy', 'referrer-policy', (from) => text(from, 'ReferrerPolicy') ?? '');
  add('StrictTransportSecurity', 'strict-transport-security', (from) => {
    const more = [flag(from, 'IncludeSubdomains') && 'includeSubDomains', flag(from, 'Preload') && 'preload'].filter(Boolean);
    return [`max-age=${text(from, 'AccessControlMaxAgeSec') ?? '0'}`, ...more].join('; ');
  });
  add('XSSProtection', 'x-xss-protection', (from) => {
    const report = text(from, 'ReportUri');
    return [flag(from, 'Protection') ? '1' : '0', flag(from, 'ModeBlock') && 'mode=block', report && `report=${report}`]
      .filter(Boolean)
      .join('; ');
  });
  return added;
}

function corsOf(config: Properties): ResponseCors {
  return {
    origins: texts(config, 'AccessControlAllowOrigins'),
    methods: texts(config, 'AccessControlAllowMethods'),
    headers: texts(config, 'AccessControlAllowHeaders'),
    exposed: texts(config, 'AccessControlExposeHeaders'),
    maxAge: config['AccessControlMaxAgeSec'] === undefined ? undefined : count(config, 'AccessControlMaxAgeSec', 600),
    credentials: flag(config, 'AccessControlAllowCredentials'),
    override: flag(config, 'OriginOverride'),
  };
}

/** `{HeaderBehavior: 'whitelist', Headers: […]}` and its likes, of which every kind of policy has other words. */
function namesOf(of: Properties, setting: string, behaviour: string, list: string): Names {
  const config = part(of, setting) ?? {};
  const names = new Set(texts(config, list));
  switch (text(config, behaviour) ?? 'none') {
    case 'all':
    case 'allViewer':
      return ALL;
    // Beside what the viewer sent, the headers that CloudFront makes: those are asked for by name.
    case 'allViewerAndWhitelistCloudFront':
      return { kind: 'all', names };
    case 'allExcept':
      return { kind: 'except', names };
    case 'whitelist':
      return { kind: 'only', names };
    default:
      return NONE;
  }
}

function lower({ kind, names }: Names): Names {
  return { kind, names: new Set([...names].map((name) => name.toLowerCase())) };
}
