import { contextOf } from './context.ts';
import { decide } from './decide.ts';
import { compilePolicy } from './policy.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

/** Outcome of one statement (or several) for one request. */
function outcome(statements: object | object[], action: string, resource: string, context: Record<string, string | string[]> = {}): string {
  return decide(compilePolicy({ Version: '2012-10-17', Statement: statements }), { action, resource, context: contextOf(context) }).outcome;
}
const when = (condition: object): object => ({ Effect: 'Allow', Action: '*', Resource: '*', Condition: condition });
const holds = (condition: object, context: Record<string, string | string[]> = {}): boolean =>
  outcome(when(condition), 'a:B', '*', context) === 'allowed';

describe('statements', () => {
  it('deny what nobody mentions, and let an explicit deny win in any order', () => {
    const allow = { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' };
    const deny = { Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: TABLE };
    expect(outcome(allow, 's3:GetObject', '*')).toBe('unmentioned');
    expect(outcome([allow, deny], 'dynamodb:DeleteTable', TABLE)).toBe('denied');
    expect(outcome([deny, allow], 'dynamodb:DeleteTable', TABLE)).toBe('denied');
    expect(outcome([deny, allow], 'dynamodb:PutItem', TABLE)).toBe('allowed');
  });

  it.each([
    ['dynamodb:PutItem', 'dynamodb:PutItem', true],
    ['DynamoDB:putitem', 'dynamodb:PutItem', true],
    ['dynamodb:*Item', 'dynamodb:PutItem', true],
    ['dynamodb:?utItem', 'dynamodb:PutItem', true],
    ['dynamodb:*Item', 'dynamodb:Query', false],
    ['*', 'sqs:SendMessage', true],
    ['dynamodb:Put', 'dynamodb:PutItem', false],
  ])('action %s covers %s: %s', (pattern, action, expected) => {
    expect(outcome({ Effect: 'Allow', Action: pattern, Resource: '*' }, action, '*') === 'allowed').toBe(expected);
  });

  it.each([
    [TABLE, TABLE, true],
    [`${TABLE}/index/*`, `${TABLE}/index/byDate`, true],
    [`${TABLE}/index/*`, TABLE, false],
    ['arn:aws:dynamodb:*:*:table/ord?rs', TABLE, true],
    ['arn:aws:dynamodb:us-east-1:*', TABLE, true],
    [TABLE.toUpperCase(), TABLE, false],
    ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1/2/test/3/object.jpg', true],
    ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1-test/object.jpg', false],
  ])('resource %s covers %s: %s', (pattern, resource, expected) => {
    expect(
      outcome({ Effect: 'Allow', Action: '*', Resource: ['arn:aws:x:::y', pattern] }, 'dynamodb:PutItem', resource) === 'allowed',
    ).toBe(expected);
  });

  it('NotAction and NotResource cover everything else', () => {
    expect(outcome({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'sqs:SendMessage', '*')).toBe('allowed');
    expect(outcome({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'iam:PassRole', '*')).toBe('unmentioned');
    expect(outcome({ Effect: 'Deny', Action: '*', NotResource: [TABLE] }, 'dynamodb:PutItem', 'arn:other')).toBe('denied');
    expect(outcome({ Effect: 'Deny', Action: '*', NotResource: [TABLE] }, 'dynamodb:PutItem', TABLE)).toBe('unmentioned');
  });

  it('policy variables take values of the request, and match nothing without one', () => {
    const own = { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::home/${aws:username}/*' };
    expect(outcome(own, 's3:GetObject', 'arn:aws:s3:::home/ada/x', { 'aws:UserName': 'ada' })).toBe('allowed');
    expect(outcome(own, 's3:GetObject', 'arn:aws:s3:::home/bob/x', { 'aws:username': 'ada' })).toBe('unmentioned');
    expect(outcome(own, 's3:GetObject', 'arn:aws:s3:::home//x')).toBe('unmentioned');
    expect(outcome({ ...own, Resource: "arn:${aws:username, 'nobody'}" }, 's3:GetObject', 'arn:nobody')).toBe('allowed');
  });

  it('a pattern of many stars comes to an end', () => {
    expect(outcome({ Effect: 'Allow', Action: '*', Resource: `${'*a'.repeat(200)}b` }, 'a:B', 'a'.repeat(5_000))).toBe('unmentioned');
  });

  it.each([
    [{}],
    [{ Effect: 'Maybe', Action: '*', Resource: '*' }],
    [{ Effect: 'Allow', Resource: '*' }],
    [when({ StringSame: { a: 'b' } })],
  ])('refuses the malformed statement %j', (statement) => {
    expect(() => compilePolicy({ Statement: [statement] })).toThrow(TypeError);
  });
});

describe('conditions', () => {
  it.each([
    ['StringEquals', { 'a:k': 'x' }, { 'A:K': 'x' }, true],
    ['StringEquals', { 'a:k': ['x', 'y'] }, { 'a:k': 'y' }, true],
    ['StringEquals', { 'a:k': 'x' }, { 'a:k': 'X' }, false],
    ['StringEqualsIgnoreCase', { 'a:k': 'x' }, { 'a:k': 'X' }, true],
    ['StringNotEquals', { 'a:k': ['x', 'y'] }, { 'a:k': 'y' }, false],
    ['StringNotEquals', { 'a:k': 'x' }, {}, true],
    ['StringEquals', { 'a:k': 'x' }, {}, false],
    ['StringEqualsIfExists', { 'a:k': 'x' }, {}, true],
    ['StringEqualsIfExists', { 'a:k': 'x' }, { 'a:k': 'y' }, false],
    ['StringLike', { 'a:k': 'or*s' }, { 'a:k': 'orders' }, true],
    ['StringNotLike', { 'a:k': 'or*s' }, { 'a:k': 'orders' }, false],
    ['ArnLike', { 'a:k': 'arn:aws:events:*:*:rule/x*' }, { 'a:k': 'arn:aws:events:us-east-1:1:rule/x/y' }, true],
    ['ArnEquals', { 'a:k': 'arn:aws:sns:*:rule' }, { 'a:k': 'arn:aws:sns:us-east-1:1:rule' }, false],
    ['ArnNotLike', { 'a:k': 'arn:aws:sns:*:*:a' }, { 'a:k': 'arn:aws:sns:r:1:b' }, true],
    ['Bool', { 'a:k': 'true' }, { 'a:k': 'true' }, true],
    ['Bool', { 'a:k': true }, { 'a:k': 'false' }, false],
    ['NumericLessThanEquals', { 'a:k': '10' }, { 'a:k': '10' }, true],
    ['NumericGreaterThan', { 'a:k': 10 }, { 'a:k': '10' }, false],
    ['NumericNotEquals', { 'a:k': '10' }, { 'a:k': '11' }, true],
    ['DateGreaterThan', { 'a:k': '2026-01-01T00:00:00Z' }, { 'a:k': '2026-06-01T00:00:00Z' }, true],
    ['DateLessThan', { 'a:k': '2026-01-01T00:00:00Z' }, { 'a:k': '1780000000' }, false],
    ['IpAddress', { 'a:k': ['10.0.0.0/8', '203.0.113.0/24'] }, { 'a:k': '203.0.113.9' }, true],
    ['NotIpAddress', { 'a:k': '203.0.113.0/24' }, { 'a:k': '203.0.113.9' }, false],
    ['IpAddress', { 'a:k': '2001:db8::/32' }, { 'a:k': '2001:db8::1' }, true],
    ['Null', { 'a:k': 'true' }, {}, true],
    ['Null', { 'a:k': 'false' }, {}, false],
    ['Null', { 'a:k': 'false' }, { 'a:k': 'x' }, true],
    ['ForAllValues:StringEquals', { 'a:k': ['x', 'y'] }, { 'a:k': ['x', 'y'] }, true],
    ['ForAllValues:StringEquals', { 'a:k': ['x'] }, { 'a:k': ['x', 'y'] }, false],
    ['ForAllValues:StringEquals', { 'a:k': ['x'] }, {}, true],
    ['ForAnyValue:StringEquals', { 'a:k': ['x'] }, { 'a:k': ['z', 'x'] }, true],
    ['ForAnyValue:StringEquals', { 'a:k': ['x'] }, {}, false],
    ['ForAnyValue:StringNotEquals', { 'a:k': ['x'] }, { 'a:k': ['x', 'y'] }, true],
    ['ForAllValues:StringNotEquals', { 'a:k': ['x'] }, { 'a:k': ['x', 'y'] }, false],
  ])('%s %j of a request with %j: %s', (operator, expected, context, result) => {
    expect(holds({ [operator]: expected }, context as Record<string, string | string[]>)).toBe(result);
  });

  it('have to hold all together', () => {
    const condition = { StringEquals: { 'a:k': 'x', 'a:l': 'y' }, Bool: { 'a:m': 'true' } };
    expect(holds(condition, { 'a:k': 'x', 'a:l': 'y', 'a:m': 'true' })).toBe(true);
    expect(holds(condition, { 'a:k': 'x', 'a:l': 'z', 'a:m': 'true' })).toBe(false);
  });
});
