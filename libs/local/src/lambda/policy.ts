import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { ServicePrincipal } from '../kernel/call.ts';
import type { IamPort } from '../kernel/ports.ts';
import type { LambdaFunction, Target } from './functions.ts';

/** A statement of a function's resource policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: string } | { readonly AWS: string } | '*';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Id: 'default';
  readonly Statement: readonly Statement[];
}

/**
 * Turns the properties of an `AWS::Lambda::Permission` into the statement that AddPermission writes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function toStatement(properties: Readonly<Record<string, unknown>>, sid: string, resource: string): Statement {
  const principal = String(properties['Principal']);
  const condition: Record<string, Record<string, string>> = {};
  if (typeof properties['SourceArn'] === 'string') condition['ArnLike'] = { 'AWS:SourceArn': properties['SourceArn'] };
  const equals: Record<string, string> = {};
  if (typeof properties['SourceAccount'] === 'string') equals['AWS:SourceAccount'] = properties['SourceAccount'];
  if (typeof properties['PrincipalOrgID'] === 'string') equals['aws:PrincipalOrgID'] = properties['PrincipalOrgID'];
  if (typeof properties['FunctionUrlAuthType'] === 'string') equals['lambda:FunctionUrlAuthType'] = properties['FunctionUrlAuthType'];
  if (Object.keys(equals).length > 0) condition['StringEquals'] = equals;
  const viaUrl = properties['InvokedViaFunctionUrl'];
  if (viaUrl !== undefined) condition['Bool'] = { 'lambda:InvokedViaFunctionUrl': String(viaUrl) };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: String(properties['Action'] ?? 'lambda:InvokeFunction'),
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

export function policyOf(fn: LambdaFunction): PolicyDocument {
  return { Version: '2012-10-17', Id: 'default', Statement: [...fn.statements.values()] };
}

/** A stable id for what GetPolicy reports. */
export function revisionOf(policy: PolicyDocument): string {
  return createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 32);
}

/** Decisions that are remembered for one function. */
const REMEMBERED = 1000;

/** Remembers what the policies say, so that a call costs one look-up. */
export function createAdmission(iam: IamPort): {
  /** @throws {AwsError} `AccessDeniedException` when the function's policy does not admit the service. */
  check(target: Target, principal: ServicePrincipal): void;
  forget(functionName: string): void;
} {
  const decisions = new Map<string, Map<string, boolean>>();
  return {
    check({ fn, arn }, principal) {
      let known = decisions.get(fn.name);
      if (known === undefined || known.size >= REMEMBERED) decisions.set(fn.name, (known = new Map()));
      const key = `${principal.service}|${principal.sourceArn}|${arn}`;
      let admitted = known.get(key);
      if (admitted === undefined) known.set(key, (admitted = iam.admits(policyOf(fn), principal, 'lambda:InvokeFunction', arn)));
      if (admitted) return;
      throw new AwsError(
        'AccessDeniedException',
        `User: ${principal.service} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no resource-based policy allows the lambda:InvokeFunction action for ${principal.sourceArn}`,
        403,
      );
    },
    forget: (functionName) => void decisions.delete(functionName),
  };
}
