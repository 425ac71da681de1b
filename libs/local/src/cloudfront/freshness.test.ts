import { freshness } from './freshness.ts';
import { MANAGED_CACHE_POLICIES } from './managed-policies.ts';
import type { CachePolicy } from './model.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const optimised = MANAGED_CACHE_POLICIES.get('658327ea-f89d-4fab-a63d-7e88639e58f6') as CachePolicy;
const disabled = MANAGED_CACHE_POLICIES.get('4135ea2d-6df8-44a3-9df3-4b5a84be39ad') as CachePolicy;
const none = { ...optimised, minTtl: 0, defaultTtl: 100, maxTtl: 1000 };
const some = { ...optimised, minTtl: 60, defaultTtl: 100, maxTtl: 1000 };
const expires = new Date(NOW + 300_000).toUTCString();

it.each<[string, Record<string, string>, number, number]>([
  ['max-age', { 'cache-control': 'public, max-age=300' }, 300, 300],
  ['max-age below the least', { 'cache-control': 'max-age=5' }, 5, 60],
  ['max-age above the most', { 'cache-control': 'max-age=99999' }, 1000, 1000],
  ['s-maxage before max-age', { 'cache-control': 'max-age=5, s-maxage=300' }, 300, 300],
  ['nothing', {}, 100, 100],
  ['Expires', { expires }, 300, 300],
  ['max-age before Expires', { expires, 'cache-control': 'max-age=200' }, 200, 200],
  ['an Expires that is no date', { expires: '0' }, 0, 60],
  ['no-store', { 'cache-control': 'no-store' }, 0, 60],
  ['private with a max-age', { 'cache-control': 'private, max-age=300' }, 0, 60],
  ['no-cache', { 'cache-control': 'no-cache' }, 0, 60],
])('%s keeps an answer as long as the table says, without and with a minimum', (_, headers, withoutMinimum, withMinimum) => {
  const seconds = (policy: CachePolicy): number => freshness(200, headers, policy, 10, NOW).ms / 1000;
  expect([seconds(none), seconds(some)]).toEqual([withoutMinimum, withMinimum]);
});

it('keeps what is never fresh when the origin can be asked about it, and never under CachingDisabled', () => {
  const keeps = (headers: Record<string, string>, policy = none): boolean => freshness(200, headers, policy, 10, NOW).keep;
  expect(keeps({ 'cache-control': 'max-age=0' })).toBe(false);
  expect(keeps({ 'cache-control': 'max-age=0', etag: '"a"' })).toBe(true);
  expect(keeps({ 'cache-control': 'no-store', etag: '"a"' })).toBe(false);
  expect(keeps({ 'cache-control': 'max-age=300', etag: '"a"' }, disabled)).toBe(false);
  expect(keeps({ vary: '*', etag: '"a"' })).toBe(false);
  expect(freshness(206, {}, none, 10, NOW).keep).toBe(false);
});

it.each([
  [404, {}, 10],
  [503, { 'cache-control': 'max-age=60' }, 60],
  [503, { 'cache-control': 'max-age=99999' }, 1000],
  [404, { expires }, 300],
  [404, { 'cache-control': 'no-store' }, 10],
  [403, {}, 0],
  [403, { 'cache-control': 'max-age=5' }, 10],
  [418, { 'cache-control': 'max-age=60' }, 0],
])('keeps the error %i with %j for %i seconds', (status, headers: Record<string, string>, seconds) => {
  expect(freshness(status, headers, none, 10, NOW)).toMatchObject({ ms: seconds * 1000, keep: seconds > 0 });
});
