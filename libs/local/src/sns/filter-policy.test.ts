import { compileFilter, type FilterScope } from './filter-policy.ts';
import type { MessageAttributes } from './model.ts';

const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });

/** The message of https://docs.aws.amazon.com/sns/latest/dg/example-filter-policies.html. */
const attributes: MessageAttributes = {
  customer_interests: text('["soccer", "rugby", "hockey"]', 'String.Array'),
  store: text('example_corp'),
  event: text('order_placed'),
  price_usd: text('210.75', 'Number'),
  source_ip: text('10.0.0.5'),
  picture: { DataType: 'Binary', BinaryValue: 'AQI=' },
};

test.each([
  [
    { store: ['example_corp'], event: [{ 'anything-but': 'order_cancelled' }], customer_interests: ['rugby', 'football', 'baseball'] },
    true,
  ],
  [{ store: ['example_corp'], event: ['order_cancelled'] }, false],
  [{ encrypted: [false] }, false],
  [{ encrypted: [{ exists: false }] }, true],
  [{ store: [{ exists: true }] }, true],
  [{ picture: [{ exists: true }] }, false],
  [{ price_usd: [210.75] }, true],
  [{ price_usd: ['210.75'] }, false],
  [{ price_usd: [{ numeric: ['>', 0, '<=', 150] }] }, false],
  [{ price_usd: [{ numeric: ['>=', 100] }] }, true],
  [{ price_usd: [{ 'anything-but': [100, 500] }] }, true],
  [{ customer_interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, true],
  [{ event: [{ 'anything-but': { prefix: 'order_' } }] }, false],
  [{ store: [{ prefix: 'exam' }] }, true],
  [{ store: [{ suffix: '_corp' }] }, true],
  [{ store: [{ 'equals-ignore-case': 'EXAMPLE_corp' }] }, true],
  [{ store: [{ wildcard: 'ex*_c*p' }] }, true],
  [{ source_ip: [{ cidr: '10.0.0.0/24' }] }, true],
  [{ $or: [{ store: ['other'] }, { price_usd: [{ numeric: ['>', 200] }] }] }, true],
  [{ $or: [{ store: ['other'] }, { price_usd: [{ numeric: ['>', 300] }] }] }, false],
  [{}, true],
])('%j on attributes: %s', (policy, expected) => {
  expect(compileFilter(JSON.stringify(policy), 'MessageAttributes')({ message: '{}', attributes })).toBe(expected);
});

test('a message without attributes is asked for by no filter, not even by one for what is absent', () => {
  const filter = compileFilter('{"absent":[{"exists":false}]}', 'MessageAttributes');
  expect([filter({ message: '', attributes: {} }), filter({ message: '', attributes: { other: text('x') } })]).toEqual([false, true]);
  expect(compileFilter('{"absent":[{"exists":false}]}', 'MessageBody')({ message: '{}', attributes: {} })).toBe(false);
});

test('an array that is none matches nothing', () => {
  const filter = compileFilter('{"absent":[{"exists":false}]}', 'MessageAttributes');
  expect(filter({ message: '', attributes: { list: text('[', 'String.Array') } })).toBe(false);
});

test.each([
  ['{"a":{"b":[{"c":1},{"c":null}]}}', { a: { b: { c: [null] } } }, true],
  ['{"a":{"b":{"c":true}}}', { a: { b: { c: [true] } } }, true],
  ['{"a":{"b":{"c":"no"}}}', { a: { b: { c: ['yes'] } } }, false],
  ['[{"a":1}]', { a: [1] }, false],
  ['a: 1', { a: [{ exists: false }] }, false],
])('%s on the body with %j: %s', (message, policy, expected) => {
  expect(compileFilter(JSON.stringify(policy), 'MessageBody')({ message, attributes: {} })).toBe(expected);
});

test.each<[string, object | string, FilterScope, RegExp]>([
  ['six keys', { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, 'MessageAttributes', /more than 5 keys/],
  ['151 values', { a: Array.from({ length: 151 }, (_, n) => n) }, 'MessageAttributes', /too complex/],
  [
    '15 values by 11',
    { a: Array.from({ length: 15 }, (_, n) => n), b: Array.from({ length: 11 }, (_, n) => n) },
    'MessageAttributes',
    /too complex/,
  ],
  ['76 values at the second level', { a: { b: Array.from({ length: 76 }, (_, n) => n) } }, 'MessageBody', /too complex/],
  ['levels in attributes', { a: { b: [1] } }, 'MessageAttributes', /nested/],
  ['numbers over a billion', { a: [{ numeric: ['>', 1e9 + 1] }] }, 'MessageAttributes', /1.0E9/],
  ['an operator that is none', { a: [{ like: 'x' }] }, 'MessageAttributes', /FilterPolicy: Unrecognized match type like/],
  ['text', 'x', 'MessageAttributes', /FilterPolicy/],
])('refuses %s', (_, policy, scope, message) => {
  const given = typeof policy === 'string' ? policy : JSON.stringify(policy);
  expect(() => compileFilter(given, scope)).toThrow(
    expect.objectContaining({ code: 'InvalidParameter', message: expect.stringMatching(message) as string }),
  );
});
