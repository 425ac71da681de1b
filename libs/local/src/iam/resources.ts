import { generatedName } from '../kernel/generated-name.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import { roleIdOf } from './credentials.ts';
import { compilePolicy, type Statement } from './policy.ts';
import type { RoleBook } from './roles.ts';

/** How roles and policies of a template come to be. They live in memory: each start makes them again. */
export function iamResourceTypes(kernel: Kernel, roles: RoleBook): ResourceType[] {
  const arnOf = (kind: 'role' | 'policy', path: unknown, name: string): string =>
    `arn:aws:iam::${kernel.accountId}:${kind}${typeof path === 'string' ? path : '/'}${name}`;

  return [
    {
      type: 'AWS::IAM::Role',
      async apply(request) {
        const { properties } = request;
        const name = text(properties['RoleName']) ?? generatedName(request, 64);
        const arn = arnOf('role', properties['Path'], name);
        const inline = list(properties['Policies']).flatMap((policy) => {
          const { PolicyDocument: document, PolicyName: policyName } = policy as { PolicyDocument?: unknown; PolicyName?: unknown };
          return compile(document, `policy '${String(policyName)}' of role '${name}'`);
        });
        roles.put({
          name,
          arn,
          statements: inline,
          managedPolicyArns: list(properties['ManagedPolicyArns']).map(String),
          boundaryArn: text(properties['PermissionsBoundary']),
          trust: compile(properties['AssumeRolePolicyDocument'], `the trust policy of role '${name}'`),
        });
        return { physicalId: name, attributes: { Arn: arn, RoleId: roleIdOf(arn) } };
      },
      async remove(physicalId) {
        roles.remove(physicalId);
      },
    },
    {
      type: 'AWS::IAM::Policy',
      async apply(request) {
        const name = text(request.properties['PolicyName']) ?? generatedName(request, 64);
        const id = `${request.stackName}-${request.logicalId}`;
        roles.attach({
          id,
          arn: undefined,
          statements: compile(request.properties['PolicyDocument'], `policy '${name}'`),
          roleNames: list(request.properties['Roles']).map(String),
        });
        return { physicalId: id, attributes: { Id: id } };
      },
      async remove(physicalId) {
        roles.detach(physicalId);
      },
    },
    {
      type: 'AWS::IAM::ManagedPolicy',
      async apply(request) {
        const name = text(request.properties['ManagedPolicyName']) ?? generatedName(request, 64);
        const arn = arnOf('policy', request.properties['Path'], name);
        roles.attach({
          id: arn,
          arn,
          statements: compile(request.properties['PolicyDocument'], `managed policy '${name}'`),
          roleNames: list(request.properties['Roles']).map(String),
        });
        return { physicalId: arn, attributes: { PolicyArn: arn } };
      },
      async remove(physicalId) {
        roles.detach(physicalId);
      },
    },
  ];
}

function compile(document: unknown, what: string): Statement[] {
  try {
    return compilePolicy(document);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('MalformedPolicyDocument', `${what} is malformed: ${reason}`);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
