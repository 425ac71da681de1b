import { evaluate, evaluateCondition, NO_VALUE, type Scope } from './evaluate.ts';

const mappings: Record<string, unknown> = { 'M.us-east-1.size': 'big', 'M.us-east-1.zones': ['x'] };

const scope: Scope = {
  ref: (name) => {
    const value = { Queue: 'https://queue', Name: 'larder', List: ['a', 'b'], 'AWS::Region': 'us-east-1', 'AWS::NoValue': NO_VALUE }[name];
    if (value === undefined) throw new Error(`no ${name}`);
    return value;
  },
  attribute: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === 'Yes',
  mapping: (map, top, second) => mappings[`${map}.${top}.${second}`],
  importedValue: (name) => `imported ${name}`,
  availabilityZones: (region) => [`${region || 'here'}a`],
};

describe('evaluate', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Queue' }, 'https://queue'],
    ['Fn::GetAtt with a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
    ['Fn::GetAtt with a text, whose attribute has a dot', { 'Fn::GetAtt': 'Db.Endpoint.Port' }, 'Db/Endpoint.Port'],
    ['Fn::GetAtt with an attribute that is a Ref', { 'Fn::GetAtt': ['Queue', { Ref: 'Name' }] }, 'Queue/larder'],
    ['Fn::Sub with names and attributes', { 'Fn::Sub': 'x-${Name}-${Queue.Arn}-${AWS::Region}' }, 'x-larder-Queue/Arn-us-east-1'],
    ['Fn::Sub with literals', { 'Fn::Sub': '${!Name} ${Name}' }, '${Name} larder'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${A}/${Name}', { A: { Ref: 'Queue' }, Name: 'mine' }] }, 'https://queue/mine'],
    ['Fn::Sub does not replace what a value holds', { 'Fn::Sub': ['${A}', { A: '$&${Name}' }] }, '$&${Name}'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 1]] }, 'a-larder-1'],
    ['Fn::Join of a list parameter', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    ['Fn::Select', { 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
    ['Fn::Split', { 'Fn::Split': ['/', { 'Fn::GetAtt': 'Queue.Arn' }] }, ['Queue', 'Arn']],
    ['Fn::If that holds', { 'Fn::If': ['Yes', 'a', { Ref: 'Unknown' }] }, 'a'],
    ['Fn::If that does not hold', { 'Fn::If': ['No', { Ref: 'Unknown' }, 'b'] }, 'b'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'zones'] }, ['x']],
    ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['M', 'mars', 'size', { DefaultValue: 'small' }] }, 'small'],
    ['Fn::Base64', { 'Fn::Base64': { Ref: 'Name' } }, 'bGFyZGVy'],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', '2', '8'] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::GetAZs', { 'Fn::GetAZs': { Ref: 'AWS::Region' } }, ['us-east-1a']],
    ['Fn::GetAZs of the own region', { 'Fn::GetAZs': '' }, ['herea']],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-bus' } }, 'imported larder-bus'],
    ['Fn::Length', { 'Fn::Length': { Ref: 'List' } }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Name' }, b: { Ref: 'AWS::NoValue' } } }, '{"a":"larder"}'],
    ['a condition key of a policy is not a function', { Condition: { Bool: { x: true } } }, { Condition: { Bool: { x: true } } }],
    ['an object with more members than a function', { Ref: 'Queue', other: 1 }, { Ref: 'Queue', other: 1 }],
  ])('%s', (_, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });

  it('leaves out members and items that are AWS::NoValue', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(evaluate({ a: none, b: [none, 1, { 'Fn::If': ['No', 2, none] }] }, scope)).toEqual({ b: [1] });
  });

  it.each<[string, unknown, RegExp]>([
    ['a macro', { 'Fn::Transform': { Name: 'AWS::Include' } }, /Fn::Transform runs inside AWS only/],
    ['a loop', { 'Fn::ForEach::Topics': [] }, /ForEach.*runs inside AWS only/],
    ['a function that does not exist', { 'Fn::Nothing': 1 }, /no function Fn::Nothing/],
    ['an index that is not there', { 'Fn::Select': [5, ['a']] }, /no item 5/],
    ['a mapping that is not there', { 'Fn::FindInMap': ['M', 'mars', 'size'] }, /finds no M.mars.size/],
    ['text where a list belongs', { 'Fn::Join': ['-', 'a'] }, /Fn::Join needs a list/],
    ['a list where text belongs', { 'Fn::Sub': '${List}' }, /Fn::Sub needs text/],
    ['a wrong number of arguments', { 'Fn::If': ['Yes', 1] }, /Fn::If takes a list of 3/],
  ])('refuses %s', (_, value, message) => {
    expect(() => evaluate(value, scope)).toThrow(message);
  });
});

describe('evaluateCondition', () => {
  it.each<[string, unknown, boolean]>([
    ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'Name' }, 'larder'] }, true],
    ['Fn::Equals compares numbers as text', { 'Fn::Equals': [1, '1'] }, true],
    ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
    ['Fn::Or', { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }, true],
    ['Fn::Not', { 'Fn::Not': [{ Condition: 'Yes' }] }, false],
    ['a condition by name', { Condition: 'Yes' }, true],
  ])('%s', (_, value, expected) => {
    expect(evaluateCondition(value, scope)).toBe(expected);
  });

  it('refuses what is no condition', () => {
    expect(() => evaluateCondition({ Ref: 'Name' }, scope)).toThrow('is not a condition');
  });
});
