import type { Permission, ServicePrincipal } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { contextOf } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { compilePolicy, type Statement } from './policy.ts';
import type { Principal } from './principal.ts';

/** What resource policies say: those of queues, buses and functions. */
export interface ResourcePolicies {
  /** Whether a policy admits a service. */
  admits(policy: unknown, principal: ServicePrincipal, action: string, resource: string): boolean;
  /** Whether a policy admits somebody who does not say who they are. */
  admitsAnyone(policy: unknown, action: string, resource: string): boolean;
  /**
   * What a policy says to a role of the same account. An allow for the account leaves it to the role's own policies, and so counts as
   * nothing said; a deny for the account is one.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
   */
  decide(policy: unknown, roleArn: string, permission: Permission, globals: Readonly<Record<string, string>>): Decision;
}

export function createResourcePolicies(kernel: Kernel): ResourcePolicies {
  const compiled = createPolicyMemory();
  return {
    admits(policy, principal, action, resource) {
      const context = contextOf(circumstances(kernel), {
        'aws:SourceArn': principal.sourceArn,
        'aws:SourceAccount': principal.sourceArn.split(':')[4] || kernel.accountId,
        'aws:PrincipalServiceName': principal.service,
        'aws:PrincipalIsAWSService': 'true',
      });
      return decide(compiled(policy), { action, resource, context }, { kind: 'service', service: principal.service }).outcome === 'allowed';
    },

    admitsAnyone(policy, action, resource) {
      const context = contextOf(circumstances(kernel), { 'aws:SourceIp': '127.0.0.1', 'aws:PrincipalIsAWSService': 'false' });
      return decide(compiled(policy), { action, resource, context }, { kind: 'anonymous' }).outcome === 'allowed';
    },

    decide(policy, roleArn, { action, resource, context }, globals) {
      const accountId = roleArn.split(':')[4] ?? '';
      const principal: Principal = { kind: 'role', roleArn, sessionArn: '', accountId };
      const question = { action, resource, context: contextOf(context ?? {}, globals) };
      const decision = decide(compiled(policy), question, principal);
      return decision.outcome === 'allowed' ? decide(compiled(policy), question, { ...principal, accountId: 'of no one' }) : decision;
    },
  };
}

function circumstances(kernel: Kernel): Record<string, string> {
  return { 'aws:SecureTransport': 'true', 'aws:CurrentTime': new Date(kernel.now()).toISOString() };
}

/** Resource policies come as they stand in a template, again and again: each is compiled once. One that is malformed admits nobody. */
function createPolicyMemory(): (policy: unknown) => readonly Statement[] {
  const objects = new WeakMap<object, readonly Statement[]>();
  const texts = new Map<string, readonly Statement[]>();
  return (policy) => {
    if (typeof policy === 'object' && policy !== null) {
      let statements = objects.get(policy);
      if (!statements) objects.set(policy, (statements = compileOrNothing(policy)));
      return statements;
    }
    if (typeof policy !== 'string') return [];
    let statements = texts.get(policy);
    if (!statements) {
      if (texts.size >= 1_000) texts.clear();
      texts.set(policy, (statements = compileOrNothing(policy)));
    }
    return statements;
  };
}

function compileOrNothing(policy: unknown): readonly Statement[] {
  try {
    return compilePolicy(policy);
  } catch {
    return [];
  }
}
