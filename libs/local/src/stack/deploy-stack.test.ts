import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packaged, testStack } from './test-stack.ts';

const thing = (Properties: Record<string, unknown> = {}, rest: object = {}) => ({ Type: 'Test::Thing', Properties, ...rest });

describe('stackDeployer', () => {
  it('makes resources in order and evaluates outputs', async () => {
    const { deployer, calls } = testStack();
    const stack = await deployer.deploy(
      packaged('a', {
        Resources: { First: thing({ x: { Ref: 'Second' } }), Second: thing() },
        Outputs: { Arn: { Value: { 'Fn::GetAtt': 'First.Arn' } }, Not: { Value: 1, Condition: 'Never' } },
        Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      }),
    );
    expect(calls).toEqual(['apply Second', 'apply First']);
    expect(stack.outputs).toEqual({ Arn: 'arn:First' });
  });

  it('removes what left the template, last made first, and leaves what is retained', async () => {
    const { deployer, calls } = testStack();
    const Resources = { A: thing(), B: thing({ x: { Ref: 'A' } }), Kept: thing({}, { DeletionPolicy: 'Retain' }), C: thing() };
    await deployer.deploy(packaged('a', { Resources }));
    calls.length = 0;
    await deployer.deploy(packaged('a', { Resources: { C: thing() } }));
    expect(calls).toEqual(['remove B', 'remove A']);
  });

  it('touches only what has changed, and what refers to it', async () => {
    const { deployer, calls } = testStack();
    const template = (name: string) => ({ Resources: { A: thing({ Name: name }), B: thing({ x: { Ref: 'A' } }), C: thing() } });
    await deployer.deploy(packaged('a', template('one')));
    calls.length = 0;
    await deployer.deploy(packaged('a', template('two')));
    expect(calls).toEqual(['apply A', 'remove one', 'apply B']);
  });

  it('does not remove a resource that came under another logical id', async () => {
    const { deployer, calls } = testStack();
    await deployer.deploy(packaged('a', { Resources: { Old: thing({ Name: 'same' }) } }));
    await deployer.deploy(packaged('a', { Resources: { New: thing({ Name: 'same' }) } }));
    expect(calls).toEqual(['apply Old', 'apply New']);
  });

  it('names the resource that could not be made, and remembers what was', async () => {
    const { deployer, store } = testStack({ failing: 'B' });
    const Resources = { A: thing(), B: thing({ x: { Ref: 'A' } }), C: thing() };
    await expect(deployer.deploy(packaged('a', { Resources }))).rejects.toThrow('B (Test::Thing): no room');
    expect(Object.keys(store.get('a-local')?.resources ?? {})).toEqual(['A']);
  });

  it('applies again what was taken back after it failed', async () => {
    const options = { failing: '' };
    const { deployer, calls } = testStack(options);
    const template = (name: string) => ({ Resources: { A: thing({ Name: name }) } });
    await deployer.deploy(packaged('a', template('one')));
    options.failing = 'A';
    await expect(deployer.deploy(packaged('a', template('two')))).rejects.toThrow('no room');
    options.failing = '';
    await deployer.deploy(packaged('a', template('one')));
    expect(calls).toEqual(['apply A', 'apply A']);
  });

  it('goes by the deletion policy that stood last, though nothing else of the resource has changed', async () => {
    const { deployer, calls } = testStack();
    const policies = (A: string, B: string) => ({ A: thing({}, { DeletionPolicy: A }), B: thing({}, { DeletionPolicy: B }) });
    await deployer.deploy(packaged('a', { Resources: policies('Delete', 'Retain') }));
    await deployer.deploy(packaged('a', { Resources: policies('Retain', 'Delete') }));
    calls.length = 0;
    await deployer.deploy(packaged('a', { Resources: {} }));
    expect(calls).toEqual(['remove B']);
  });

  it('deploys one stack once at a time', async () => {
    const { deployer, calls } = testStack();
    const template = (name: string) => ({ Resources: { First: thing(), Last: thing({ x: { Ref: 'First' }, Name: name }) } });
    const [, second] = await Promise.all(['one', 'two'].map((name) => deployer.deploy(packaged('a', template(name)))));
    expect(calls).toEqual(['apply First', 'apply Last', 'apply Last', 'remove one']);
    expect(second?.resources['Last']?.physicalId).toBe('two');
  });

  it('refuses a loop, which would be written out inside AWS only', async () => {
    const { deployer } = testStack();
    const loop = { 'Fn::ForEach::Topics': ['Name', ['a', 'b'], { 'Topic${Name}': { Type: 'AWS::SNS::Topic' } }] };
    const template = { Transform: 'AWS::LanguageExtensions', Resources: loop as never };
    await expect(deployer.deploy(packaged('a', template))).rejects.toThrow('Fn::ForEach::Topics runs inside AWS only');
  });

  it('knows after a restart what to remove', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'stacks-'));
    try {
      await testStack({ stateDirectory }).deployer.deploy(packaged('a', { Resources: { A: thing(), B: thing() } }));
      const { deployer, calls } = testStack({ stateDirectory });
      await deployer.deploy(packaged('a', { Resources: { A: thing() } }));
      expect(calls).toEqual(['apply A', 'remove B']);
    } finally {
      rmSync(stateDirectory, { recursive: true });
    }
  });

  it('gives others something to refer to where it runs nothing', async () => {
    const { deployer, calls } = testStack();
    const { resources, outputs } = await deployer.deploy(
      packaged('a', {
        Resources: {
          Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Name: 'front' } },
          Cache: { Type: 'AWS::Foo::Cache' },
        },
        Outputs: { Balancer: { Value: { Ref: 'Balancer' } }, Port: { Value: { 'Fn::GetAtt': 'Cache.Endpoint.Port' } } },
      }),
    );
    expect(calls).toEqual([]);
    expect(resources['Cache']?.notRun).toBe(true);
    expect(outputs['Balancer']).toBe('arn:aws:elasticloadbalancingv2:us-east-1:000000000000:loadbalancer/front');
    expect(outputs['Port']).toMatch(/^a-local-Cache-.+\.Endpoint\.Port$/);
  });

  it.each([
    [
      'an attribute that a resource does not have',
      { x: { 'Fn::GetAtt': 'A.Url' } },
      'B (Test::Thing): asks for A.Url; Test::Thing has: Arn',
    ],
    ['a name that the template does not have', { x: { Ref: 'Nobody' } }, 'refers to Nobody, which the template does not have'],
    ['a resource whose condition does not hold', { x: { Ref: 'Never' } }, 'whose condition does not hold'],
  ])('explains %s', async (_, properties, message) => {
    const { deployer } = testStack();
    const Resources = { A: thing(), Never: thing({}, { Condition: 'No' }), B: thing(properties) };
    await expect(deployer.deploy(packaged('a', { Resources, Conditions: { No: { 'Fn::Equals': [1, 2] } } }))).rejects.toThrow(message);
  });

  it('refuses a template that only AWS can process', async () => {
    const { deployer } = testStack();
    await expect(deployer.deploy(packaged('a', { Transform: 'AWS::Serverless-2016-10-31', Resources: {} }))).rejects.toThrow(
      'AWS::Serverless',
    );
    await expect(deployer.deploy(packaged('a', { Transform: ['AWS::LanguageExtensions'], Resources: {} }))).resolves.toBeDefined();
  });
});
