import { AwsError } from '../kernel/aws-error.ts';
import { compilePattern, matches } from './pattern.ts';

const event = {
  version: '0',
  id: '1',
  source: 'larder.orders',
  'detail-type': 'OrderPlaced.v1',
  time: '2026-01-05T12:00:00Z',
  resources: ['arn:aws:sqs:us-east-1:000000000000:a', 'arn:aws:sqs:us-east-1:000000000000:b'],
  detail: {
    state: 'running',
    count: 5,
    limit: 301.8,
    milliseconds: 1767614400000,
    empty: '',
    nothing: null,
    urgent: true,
    address: '10.0.0.33',
    v6: '2001:db8::1',
    path: 'dir/lib/photo.PNG',
    tags: ['cold', 'fragile'],
    none: [],
    nested: { city: 'Lisbon' },
    lines: [
      { productId: 'p1', quantity: 1 },
      { productId: 'p2', quantity: 2, gift: true },
    ],
  },
};
const detail = (pattern: object): boolean => matches({ detail: pattern }, event);

describe('an event pattern', () => {
  test.each([
    ['an exact string', { state: ['stopped', 'running'] }, true],
    ['no other string', { state: ['Running'] }, false],
    ['an exact number, however written', { limit: [3.018e2] }, true],
    ['no text for a number', { count: ['5'] }, false],
    ['a boolean', { urgent: [true] }, true],
    ['no other boolean', { urgent: [false] }, false],
    ['null', { nothing: [null] }, true],
    ['null only as null', { empty: [null] }, false],
    ['the empty string', { empty: [''] }, true],
    ['prefix', { path: [{ prefix: 'dir/' }] }, true],
    ['prefix, with case', { path: [{ prefix: 'DIR/' }] }, false],
    ['prefix, ignoring case', { path: [{ prefix: { 'equals-ignore-case': 'DIR/' } }] }, true],
    ['suffix', { path: [{ suffix: '.PNG' }] }, true],
    ['suffix, ignoring case', { path: [{ suffix: { 'equals-ignore-case': '.png' } }] }, true],
    ['equals-ignore-case', { state: [{ 'equals-ignore-case': 'RUNNING' }] }, true],
    ['equals-ignore-case only whole', { state: [{ 'equals-ignore-case': 'RUN' }] }, false],
    ['anything-but a value', { state: [{ 'anything-but': 'stopped' }] }, true],
    ['anything-but, refused', { state: [{ 'anything-but': 'running' }] }, false],
    ['anything-but a list', { state: [{ 'anything-but': ['stopped', 'running'] }] }, false],
    ['anything-but numbers', { limit: [{ 'anything-but': [100, 200] }] }, true],
    ['anything-but a number, for a text', { state: [{ 'anything-but': 5 }] }, true],
    ['anything-but prefix', { state: [{ 'anything-but': { prefix: 'run' } }] }, false],
    ['anything-but a list of prefixes', { state: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, true],
    ['anything-but suffix', { path: [{ 'anything-but': { suffix: '.PNG' } }] }, false],
    ['anything-but wildcard', { path: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, false],
    ['anything-but equals-ignore-case', { state: [{ 'anything-but': { 'equals-ignore-case': ['RUNNING', 'x'] } }] }, false],
    ['anything-but of an absent field: never', { absent: [{ 'anything-but': 'x' }] }, false],
    ['numeric =', { limit: [{ numeric: ['=', 301.8] }] }, true],
    ['numeric <', { count: [{ numeric: ['<', 5] }] }, false],
    ['numeric <=', { count: [{ numeric: ['<=', 5] }] }, true],
    ['numeric >', { count: [{ numeric: ['>', 5] }] }, false],
    ['numeric >=', { count: [{ numeric: ['>=', 5] }] }, true],
    ['numeric range', { count: [{ numeric: ['>', 0, '<=', 5] }] }, true],
    ['numeric for text: never', { state: [{ numeric: ['>', 0] }] }, false],
    ['numeric beyond five billion: never', { milliseconds: [{ numeric: ['>', 0] }] }, false],
    ['an exact number beyond five billion', { milliseconds: [1767614400000] }, true],
    ['exists', { count: [{ exists: true }] }, true],
    ['exists false', { absent: [{ exists: false }] }, true],
    ['exists false, of a field that is there', { count: [{ exists: false }] }, false],
    ['exists looks at leaves only', { nested: [{ exists: true }] }, false],
    ['exists false below something absent', { absent: { deeper: [{ exists: false }] } }, true],
    ['exists false in arrays: no element may have it', { lines: { gift: [{ exists: false }] } }, false],
    ['exists of an empty array', { none: [{ exists: true }] }, false],
    ['exists false or a value', { count: [{ exists: false }, 5] }, true],
    ['cidr v4', { address: [{ cidr: '10.0.0.0/24' }] }, true],
    ['cidr v4, outside', { address: [{ cidr: '10.0.1.0/24' }] }, false],
    ['cidr v6', { v6: [{ cidr: '2001:db8::/32' }] }, true],
    ['cidr of one address', { address: [{ cidr: '10.0.0.33' }] }, true],
    ['wildcard', { path: [{ wildcard: 'dir/*/photo.*' }] }, true],
    ['wildcard, whole text only', { path: [{ wildcard: 'dir/*/phot' }] }, false],
    ['wildcard pieces do not overlap', { state: [{ wildcard: 'runn*nning' }] }, false],
    ['any element of an array', { tags: ['fragile'] }, true],
    ['no element of an array', { tags: ['hot'] }, false],
    ['anything-but by any element', { tags: [{ 'anything-but': 'cold' }] }, true],
    ['a nested field', { nested: { city: ['Lisbon'] } }, true],
    ['two fields of the same array element', { lines: { productId: ['p1'], quantity: [2] } }, false],
    ['fields of one array element', { lines: { productId: ['p2'], quantity: [2] } }, true],
  ])('matches %s', (_name, pattern, expected) => {
    expect(detail(pattern)).toBe(expected);
  });

  test('matches any element of resources', () => {
    expect(matches({ resources: ['arn:aws:sqs:us-east-1:000000000000:b'] }, event)).toBe(true);
  });

  test('joins fields by and, $or by or', () => {
    const either = { detail: { $or: [{ count: [{ numeric: ['>', 100] }] }, { state: ['running'] }] } };
    expect(matches(either, event)).toBe(true);
    expect(matches({ source: ['other'], ...either }, event)).toBe(false);
    expect(matches({ $or: [{ source: ['a'] }, { source: ['b'], $or: [{ id: ['1'] }, { id: ['2'] }] }] }, event)).toBe(false);
  });

  test('takes $or with operators in it as the name of a field', () => {
    expect(() => compilePattern({ $or: [{ prefix: 'a' }, { numeric: ['=', 1] }] })).not.toThrow();
    expect(matches({ $or: [{ prefix: 'a' }, { suffix: 'b' }] }, { $or: 'abc' })).toBe(true);
  });

  test('knows an escaped asterisk and an escaped backslash in wildcards', () => {
    expect(matches({ a: [{ wildcard: 'x\\**' }] }, { a: 'x*y' })).toBe(true);
    expect(matches({ a: [{ wildcard: 'x\\*' }] }, { a: 'xy' })).toBe(false);
    expect(matches({ a: [{ wildcard: 'x\\\\*' }] }, { a: 'x\\y' })).toBe(true);
  });

  test.each([
    ['a value that is no array', { source: 'x' }],
    ['an empty array', { source: [] }],
    ['an empty object', { detail: {} }],
    ['an unknown operator', { source: [{ like: 'x' }] }],
    ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['an exists that is text', { source: [{ exists: 'false' }] }],
    ['a prefix that is a number', { source: [{ prefix: 1 }] }],
    ['anything-but of mixed types', { source: [{ 'anything-but': ['a', 1] }] }],
    ['anything-but of an empty prefix', { source: [{ 'anything-but': { prefix: '' } }] }],
    ['numeric with another operator', { a: [{ numeric: ['!=', 1] }] }],
    ['numeric with an upside-down range', { a: [{ numeric: ['>', 5, '<', 1] }] }],
    ['numeric beyond five billion', { a: [{ numeric: ['>', 5.1e9] }] }],
    ['a malformed cidr', { a: [{ cidr: '10.0.0.0/40' }] }],
    ['consecutive wildcards', { a: [{ wildcard: 'a**b' }] }],
    ['another escape in a wildcard', { a: [{ wildcard: 'a\\b' }] }],
    ['a list in a list', { a: [['x']] }],
  ])('refuses %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
  });

  test('refuses text that is no JSON, and more than 2,048 characters', () => {
    expect(() => compilePattern('{')).toThrow(AwsError);
    expect(() => compilePattern('[]')).toThrow(/not an object/);
    const long = JSON.stringify({ source: ['x'.repeat(2048)] });
    expect(() => compilePattern(long)).toThrow(/2048/);
    expect(() => compilePattern(JSON.stringify({ source: ['x'.repeat(2048 - 15)] }))).not.toThrow();
  });
});
