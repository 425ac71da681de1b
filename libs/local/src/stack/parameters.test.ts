import { MissingSsmParameter, resolveParameters, ssmNamesOf } from './parameters.ts';
import type { TemplateParameter } from './template.ts';

const ssm = (name: string): string | undefined => ({ '/bus': 'larder', '/list': 'a, b' })[name];
const resolve = (parameter: TemplateParameter, given: Record<string, string> = {}): unknown =>
  resolveParameters({ P: parameter }, { given, ssm }).get('P');

describe('resolveParameters', () => {
  it.each<[string, TemplateParameter, unknown]>([
    ['a default', { Type: 'String', Default: 'x' }, 'x'],
    ['a number as text', { Type: 'Number', Default: 3 }, '3'],
    ['a list', { Type: 'CommaDelimitedList', Default: 'a, b' }, ['a', 'b']],
    ['an empty list', { Type: 'CommaDelimitedList', Default: '' }, []],
    ['an SSM parameter', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/bus' }, 'larder'],
    ['a list in SSM', { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/list' }, ['a', 'b']],
    ['a type of AWS', { Type: 'AWS::EC2::VPC::Id', Default: 'vpc-1' }, 'vpc-1'],
  ])('gives %s', (_, parameter, expected) => {
    expect(resolve(parameter)).toEqual(expected);
  });

  it('prefers what is given to the default', () => {
    expect(resolve({ Type: 'String', Default: 'x' }, { P: 'y' })).toBe('y');
  });

  it.each<[string, TemplateParameter, RegExp]>([
    ['no value', { Type: 'String' }, /P has no default/],
    ['a value that is not allowed', { Type: 'String', Default: 'x', AllowedValues: ['a', 'b'] }, /one of a, b/],
    ['a value that does not match', { Type: 'String', Default: 'xy', AllowedPattern: '[a-z]' }, /match \[a-z\]/],
    ['a value too long', { Type: 'String', Default: 'xyz', MaxLength: 2 }, /at most 2/],
    ['text for a number', { Type: 'Number', Default: 'x' }, /must be a number/],
    ['a number too small', { Type: 'Number', Default: '1', MinValue: 2 }, /at least 2/],
    ['with the words of the template', { Type: 'Number', Default: 'x', ConstraintDescription: 'count the eggs' }, /count the eggs/],
  ])('refuses %s', (_, parameter, message) => {
    expect(() => resolve(parameter)).toThrow(message);
  });

  it('names the SSM parameter that is missing', () => {
    expect(() => resolve({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/gone' })).toThrow(MissingSsmParameter);
  });
});

it('lists the SSM names that a template waits for', () => {
  const parameters = { A: { Type: 'String', Default: '/no' }, B: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/bus' } };
  expect(ssmNamesOf(parameters, {})).toEqual(['/bus']);
});
