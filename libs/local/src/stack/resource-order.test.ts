import { CycleError } from './order.ts';
import { resourceOrder } from './resource-order.ts';
import { stackScope } from './stack-scope.ts';
import type { Template } from './template.ts';

const kernel = { region: 'us-east-1', accountId: '000000000000', partition: 'aws' } as const;
const order = (template: Template): readonly string[] =>
  resourceOrder(
    template,
    stackScope({ kernel, stackName: 's', template, parameters: new Map(), resources: new Map(), exported: () => '' }),
  );
const resource = (Properties: Record<string, unknown> = {}, rest: object = {}) => ({ Type: 'T', Properties, ...rest });

describe('resourceOrder', () => {
  it('puts each resource after those that it refers to, in every way there is', () => {
    const Resources = {
      Sub: resource({ x: { 'Fn::Sub': 'a-${Join.Arn}-${!Literal}' } }),
      Join: resource({ x: { 'Fn::Join': ['', [{ Ref: 'Att' }]] } }),
      Att: resource({ x: { 'Fn::GetAtt': ['Depends', 'Arn'] } }),
      Depends: resource({}, { DependsOn: ['SubVariable'] }),
      SubVariable: resource({ x: { 'Fn::Sub': ['${A}', { A: { Ref: 'Last' } }] } }),
      Last: resource(),
    };
    expect(order({ Resources })).toEqual(['Last', 'SubVariable', 'Depends', 'Att', 'Join', 'Sub']);
  });

  it('names a circle', () => {
    const Resources = { A: resource({ x: { Ref: 'B' } }), B: resource({ x: { Ref: 'C' } }), C: resource({ x: { Ref: 'B' } }) };
    expect(() => order({ Resources })).toThrow(CycleError);
    expect(() => order({ Resources })).toThrow('B → C → B');
  });

  it('sees no circle through a branch that is not taken', () => {
    const Resources = { A: resource({ x: { 'Fn::If': ['Never', { Ref: 'B' }, 1] } }), B: resource({ x: { Ref: 'A' } }) };
    expect(order({ Conditions: { Never: { 'Fn::Equals': [1, 2] } }, Resources })).toEqual(['A', 'B']);
  });

  it('leaves out resources whose condition does not hold', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] }, Always: { 'Fn::Not': [{ Condition: 'Never' }] } };
    expect(order({ Conditions, Resources: { A: resource({}, { Condition: 'Never' }), B: resource({}, { Condition: 'Always' }) } })).toEqual(
      ['B'],
    );
  });

  it('says when a condition depends on itself', () => {
    expect(() =>
      order({ Conditions: { A: { 'Fn::Not': [{ Condition: 'A' }] } }, Resources: { R: resource({}, { Condition: 'A' }) } }),
    ).toThrow('itself');
  });
});
