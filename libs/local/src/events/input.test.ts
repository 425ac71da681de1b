import { checkTargetInput, targetInput } from './input.ts';
import { jsonPath } from './json-path.ts';
import type { Delivery, Target } from './model.ts';

const event = {
  version: '0',
  id: '7bf73129',
  'detail-type': 'State change',
  source: 'larder.vm',
  account: '000000000000',
  time: '2026-01-05T12:00:00Z',
  region: 'us-east-1',
  resources: ['arn:1'],
  detail: { 'instance-id': 'i-01', state: 'RUNNING', count: 3, tags: [{ name: 'a' }, { name: 'b' }] },
} as const;
const input = (target: Partial<Target>): string => {
  const delivery: Delivery = {
    ruleArn: 'arn:rule/example',
    ruleName: 'example',
    target: { Id: '1', Arn: 'arn:x', ...target },
    event,
    ingestedAt: 0,
    hops: 0,
  };
  return targetInput(delivery);
};
const transformed = (InputTemplate: string): string =>
  input({
    InputTransformer: {
      InputPathsMap: { instance: '$.detail.instance-id', state: '$.detail.state', count: '$.detail.count', none: '$.detail.none' },
      InputTemplate,
    },
  });

describe('what a target gets', () => {
  test('is the event', () => expect(JSON.parse(input({}))).toEqual(event));
  test('is a constant with Input', () => expect(input({ Input: '{"a":1}' })).toBe('{"a":1}'));
  test('is a part with InputPath', () => expect(input({ InputPath: '$.detail.tags' })).toBe('[{"name":"a"},{"name":"b"}]'));

  test.each([
    ['a string', '"instance <instance> is in <state>"', '"instance i-01 is in RUNNING"'],
    ['a string with escaped quotes', '"instance \\"<instance>\\" is in <state>"', '"instance \\"i-01\\" is in RUNNING"'],
    ['JSON, minified', '{ "instance": <instance>,\n "n": <count> }', '{"instance":"i-01","n":3}'],
    ['JSON with variables in strings', '{"status": "<instance> is \\"<state>\\""}', '{"status":"i-01 is \\"RUNNING\\""}'],
    ['JSON with a list', '{"list": [9, <state>, true]}', '{"list":[9,"RUNNING",true]}'],
    [
      'reserved variables',
      '{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>!"}',
      '{"arn":"arn:rule/example","name":"example!"}',
    ],
    ['the ingestion time', '"<aws.events.event.ingestion-time>"', '"1970-01-01T00:00:00.000Z"'],
    ['nothing for a path that is not there', '"<none>."', '"."'],
    ['several lines', '"<instance>"\n"<state>"', '"i-01"\n"RUNNING"'],
  ])('is transformed: %s', (_name, template, expected) => expect(transformed(template)).toBe(expected));

  test('can hold the whole event, or the event without its detail', () => {
    const { detail: _detail, ...without } = event;
    expect(JSON.parse(transformed('{"whole": <aws.events.event.json>, "head": <aws.events.event>}'))).toEqual({
      whole: event,
      head: without,
    });
  });

  test('is checked when targets are put', () => {
    const target = (settings: Partial<Target>): Target => ({ Id: '1', Arn: 'arn:x', ...settings });
    const map = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`v${index}`, '$.id']));
    expect(() => checkTargetInput(target({ Input: '{' }))).toThrow(/JSON syntax/);
    expect(() => checkTargetInput(target({ Input: '1', InputPath: '$' }))).toThrow(/Only one/);
    expect(() => checkTargetInput(target({ InputTransformer: { InputTemplate: '<a> is text without quotes' } }))).toThrow(/InputTemplate/);
    expect(() => checkTargetInput(target({ InputTransformer: { InputPathsMap: map(101), InputTemplate: '"x"' } }))).toThrow(/100/);
    expect(() => checkTargetInput(target({ InputTransformer: { InputPathsMap: map(100), InputTemplate: '"<v1>"' } }))).not.toThrow();
    expect(() => checkTargetInput(target({ InputTransformer: { InputPathsMap: { 'aws.mine': '$.id' }, InputTemplate: '"x"' } }))).toThrow(
      /reserved/,
    );
  });

  test('reads paths with indexes and wildcards', () => {
    expect(jsonPath(event, '$.detail.tags[1].name')).toBe('b');
    expect(jsonPath(event, '$.detail.tags[*].name')).toEqual(['a', 'b']);
    expect(jsonPath(event, '$.detail.nope.deeper')).toBeUndefined();
    expect(jsonPath(event, '$')).toBe(event);
    expect(jsonPath(event, 'detail')).toBeUndefined();
  });
});
