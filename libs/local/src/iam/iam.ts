import { AwsError } from '../kernel/aws-error.ts';
import type { Caller, Permission } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort } from '../kernel/ports.ts';
import { contextOf } from './context.ts';
import { createCredentialBook } from './credentials.ts';
import { decide, type Decision } from './decide.ts';
import { createResourcePolicies } from './resource-policy.ts';
import { iamResourceTypes } from './resources.ts';
import { createRoleBook } from './roles.ts';

/** What the endpoint and the gateway ask of IAM besides the port. */
export interface Iam extends IamPort {
  /** Whether a resource policy admits somebody who does not say who they are. */
  admitsAnyone(policy: unknown, action: string, resource: string): boolean;
  /** The function that an access key was given to; undefined for keys that are nobody's. */
  callerOf(accessKeyId: string): Caller | undefined;
  secretOf(accessKeyId: string): { secretAccessKey: string; sessionToken: string } | undefined;
}

/** Roles, their policies, and whether they allow something. */
export async function createIam(kernel: Kernel): Promise<Engine & { iam: Iam }> {
  const roles = createRoleBook(kernel);
  const credentials = createCredentialBook(kernel.accountId);
  const resourcePolicies = createResourcePolicies(kernel);

  const iam: Iam = {
    allows(roleArn, permission) {
      const role = roles.byArn(roleArn);
      if (!role) return { allowed: false, reason: `there is no role ${roleArn}: give the function one that its template declares` };
      const decision = roles.identityOf(role).decide(permission);
      if (decision.outcome !== 'denied' && permission.resourcePolicy !== undefined) {
        const { outcome } = resourcePolicies.decide(permission.resourcePolicy, roleArn, permission, roles.globalsOf(role));
        // What a boundary leaves out, no policy of a resource gives to a role.
        if (outcome === 'allowed' && !('byBoundary' in decision)) return ALLOWED;
        if (outcome === 'denied')
          return {
            allowed: false,
            reason: `an explicit deny in the policy of ${permission.resource} forbids the ${permission.action} action`,
          };
      }
      return decision.outcome === 'allowed' ? ALLOWED : { allowed: false, reason: explain(decision, permission, role.name) };
    },

    admits: resourcePolicies.admits,
    admitsAnyone: resourcePolicies.admitsAnyone,

    assumes(roleArn, service) {
      const question = { action: 'sts:AssumeRole', resource: roleArn, context: contextOf() };
      return decide(roles.byArn(roleArn)?.trust ?? [], question, { kind: 'service', service }).outcome === 'allowed';
    },

    credentialsFor(role) {
      if (roles.byArn(role.roleArn) && !iam.assumes(role.roleArn, 'lambda.amazonaws.com')) {
        const message = `The role defined for the function cannot be assumed by Lambda: let the trust policy of ${role.roleArn} allow sts:AssumeRole to lambda.amazonaws.com.`;
        throw new AwsError('InvalidParameterValueException', message);
      }
      return credentials.credentialsFor(role);
    },
    callerOf: credentials.callerOf,
    secretOf: credentials.secretOf,
  };
  return { iam, services: [], resourceTypes: iamResourceTypes(kernel, roles), close: async () => {} };
}

const ALLOWED = { allowed: true } as const;

/** Why not, and what to write to change it. Worded as AWS words it, then the statement. */
function explain(decision: Exclude<Decision, { outcome: 'allowed' }>, { action, resource }: Permission, roleName: string): string {
  const holder = decision.byBoundary ? `the permissions boundary of role '${roleName}'` : `role '${roleName}'`;
  if (decision.outcome === 'denied') {
    const which = decision.by.sid ? `statement '${decision.by.sid}'` : JSON.stringify(decision.by.source);
    const where = decision.byBoundary ? holder : `an identity-based policy of ${holder}`;
    return `an explicit deny in ${where} forbids the ${action} action: ${which}`;
  }
  const nothing = `no ${decision.byBoundary ? 'permissions boundary' : 'identity-based policy'} allows the ${action} action`;
  if (decision.nearly) {
    return `${nothing}: ${holder} allows it under a condition that does not hold: ${JSON.stringify(decision.nearly.source['Condition'])}`;
  }
  return `${nothing}; add to ${holder} the statement ${JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })}`;
}
