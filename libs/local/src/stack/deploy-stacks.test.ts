import { deployStacks } from './deploy-stacks.ts';
import type { Template } from './template.ts';
import { packaged, testStack } from './test-stack.ts';

const provider = (name: string): Template => ({
  Resources: {
    Thing: { Type: 'Test::Thing', Properties: { Name: `thing of ${name}` } },
    P: { Type: 'AWS::SSM::Parameter', Properties: { Name: { 'Fn::Sub': name }, Value: { Ref: 'Thing' } } },
  },
});
const consumer = (name: string): Template => ({
  Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: name } },
  Resources: { Consumer: { Type: 'Test::Thing', Properties: { Name: { 'Fn::Sub': '${P} used' } } } },
});
const resultsOf = (outcomes: Awaited<ReturnType<typeof deployStacks>>): Record<string, unknown> =>
  Object.fromEntries(outcomes.map(({ packaged: { source }, result }) => [source.name, 'error' in result ? result.error.message : 'ok']));

describe('deployStacks', () => {
  it('deploys a stack after the one that creates the SSM parameter that it needs', async () => {
    const { deployer, kernel, store } = testStack();
    const outcomes = await deployStacks([packaged('b', consumer('/a/bus')), packaged('a', provider('/a/bus'))], deployer, kernel);
    expect(resultsOf(outcomes)).toEqual({ a: 'ok', b: 'ok' });
    expect(store.get('b-local')?.resources['Consumer']?.physicalId).toBe('thing of /a/bus used');
  });

  it('finds the name of a parameter that a dynamic reference puts together', async () => {
    const { deployer, kernel, store } = testStack();
    const reference = { 'Fn::Sub': '{{resolve:ssm:/${AWS::Region}/bus}}' };
    const joined = { 'Fn::Join': ['', ['{{resolve:ssm:/', { Ref: 'AWS::Region' }, '/bus}}']] };
    const user = (Name: unknown): Template => ({ Resources: { User: { Type: 'Test::Thing', Properties: { Name } } } });
    const services = [packaged('b', user(reference)), packaged('c', user(joined)), packaged('a', provider('/us-east-1/bus'))];
    expect(resultsOf(await deployStacks(services, deployer, kernel))).toEqual({ a: 'ok', b: 'ok', c: 'ok' });
    expect(store.get('b-local')?.resources['User']?.physicalId).toBe('thing of /us-east-1/bus');
  });

  it('deploys a stack after the one that exports what it imports', async () => {
    const { deployer, kernel, store } = testStack();
    const a: Template = { Resources: {}, Outputs: { O: { Value: 'v', Export: { Name: 'a-value' } } } };
    const b: Template = { Resources: { R: { Type: 'Test::Thing', Properties: { Name: { 'Fn::ImportValue': 'a-value' } } } } };
    await deployStacks([packaged('b', b), packaged('a', a)], deployer, kernel);
    expect(store.get('b-local')?.resources['R']?.physicalId).toBe('v');
  });

  it('does what the compose file says about order', async () => {
    const { deployer, kernel, calls } = testStack();
    const one = (name: string): Template => ({ Resources: { [name]: { Type: 'Test::Thing' } } });
    await deployStacks([packaged('b', one('B'), ['a']), packaged('a', one('A'))], deployer, kernel);
    expect(calls).toEqual(['apply A', 'apply B']);
  });

  it('says who creates a parameter that is missing, and runs the others', async () => {
    const { deployer, kernel } = testStack({ failing: 'Thing' });
    const services = [
      packaged('a', provider('/a/bus')),
      packaged('b', consumer('/a/bus')),
      packaged('c', consumer('/nobody')),
      packaged('d', { Resources: {} }),
    ];
    expect(resultsOf(await deployStacks(services, deployer, kernel))).toEqual({
      a: 'Thing (Test::Thing): no room',
      b: 'needs the SSM parameter /a/bus: a creates it, and is not running',
      c: 'needs the SSM parameter /nobody: no service here creates it',
      d: 'ok',
    });
  });

  it('names services that wait for each other', async () => {
    const { deployer, kernel } = testStack();
    const both = (own: string, other: string): Template => ({ ...consumer(other), Resources: { ...provider(own).Resources } });
    await expect(deployStacks([packaged('a', both('/a', '/b')), packaged('b', both('/b', '/a'))], deployer, kernel)).rejects.toThrow(
      'a → b → a',
    );
  });
});
