/** A value in a CloudFormation template: JSON, with intrinsic functions as objects of one key. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined };

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Value | undefined>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: 'Delete' | 'Retain';
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain';
}

export type Resources = Readonly<Record<string, Resource>>;

/** A value that CloudFormation looks up in SSM when the stack is deployed. */
export interface Parameter {
  readonly Type: 'AWS::SSM::Parameter::Value<String>';
  readonly Default: string;
}

export type Parameters = Readonly<Record<string, Parameter>>;

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly Value[] | '*';
}

export const ref = (logicalId: string): Value => ({ Ref: logicalId });

export const getAtt = (logicalId: string, attribute: string): Value => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** Text in which `${…}` stands for a resource, a parameter or a pseudo parameter. */
export const sub = (text: string): Value => ({ 'Fn::Sub': text });

/** The ARN of something of this account and region: `arn('ssm', 'parameter/larder/dev/a')`. `${…}` is replaced in it. */
export const arn = (service: string, resource: string): Value =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

export const allow = (actions: readonly string[], resources: readonly Value[] | '*'): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});
