import type { Kernel } from '../kernel/kernel.ts';
import { compileIdentity, type Identity } from './identity.ts';
import { managedPolicy } from './managed-policies.ts';
import { compilePolicy, type Statement } from './policy.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Of its inline policies. */
  readonly statements: readonly Statement[];
  readonly managedPolicyArns: readonly string[];
  readonly boundaryArn: string | undefined;
  /** Who may take the role. */
  readonly trust: readonly Statement[];
}

export interface AttachedPolicy {
  readonly id: string;
  /** Managed policies have one, and roles can name it. */
  readonly arn: string | undefined;
  readonly statements: readonly Statement[];
  readonly roleNames: readonly string[];
}

/** Roles and the policies attached to them. */
export interface RoleBook {
  put(role: Role): void;
  remove(name: string): void;
  attach(policy: AttachedPolicy): void;
  detach(id: string): void;
  byArn(arn: string): Role | undefined;
  identityOf(role: Role): Identity;
  /** What a request of the role brings for condition keys of every service. */
  globalsOf(role: Role): Readonly<Record<string, string>>;
}

export function createRoleBook(kernel: Kernel): RoleBook {
  const roles = new Map<string, Role>();
  const policies = new Map<string, AttachedPolicy>();
  const identities = new Map<string, Identity>();
  const warned = new Set<string>();

  /** Statements of a managed policy, ours or AWS's. */
  const managed = (arn: string, role: Role): readonly Statement[] => {
    const own = policies.get(arn);
    if (own) return own.statements;
    const document = managedPolicy(arn);
    if (document) return compilePolicy(document);
    if (!warned.has(arn)) {
      warned.add(arn);
      const message = `role '${role.name}' has the managed policy ${arn}, which is not known here: it allows nothing. Write its statements into the role.`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
    }
    return [];
  };

  const globalsOf = (role: Role): Record<string, string> => {
    const now = kernel.now();
    return {
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalAccount': kernel.accountId,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': kernel.region,
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
      // What is plain HTTP on a laptop is TLS when deployed: a policy that insists on TLS means the latter.
      'aws:SecureTransport': 'true',
      'aws:SourceIp': '127.0.0.1',
      'aws:ViaAWSService': 'false',
      'aws:PrincipalIsAWSService': 'false',
    };
  };

  return {
    put(role) {
      roles.set(role.arn, role);
      identities.clear();
    },
    remove(name) {
      for (const role of roles.values()) if (role.name === name) roles.delete(role.arn);
      identities.clear();
    },
    attach(policy) {
      policies.set(policy.id, policy);
      identities.clear();
    },
    detach(id) {
      policies.delete(id);
      identities.clear();
    },
    byArn: (arn) => roles.get(arn),
    globalsOf,
    identityOf(role) {
      let identity = identities.get(role.arn);
      if (!identity) {
        const attached = [...policies.values()].filter(({ roleNames }) => roleNames.includes(role.name));
        identity = compileIdentity(
          [
            ...role.statements,
            ...attached.flatMap(({ statements }) => statements),
            ...role.managedPolicyArns.flatMap((arn) => managed(arn, role)),
          ],
          role.boundaryArn === undefined ? undefined : managed(role.boundaryArn, role),
          () => globalsOf(role),
        );
        identities.set(role.arn, identity);
      }
      return identity;
    },
  };
}
