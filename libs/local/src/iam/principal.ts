/** Who asks, as resource policies see it. */
export type Principal =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
      readonly sessionArn: string;
      readonly accountId: string;
    };

/**
 * Compiles the `Principal` or `NotPrincipal` of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function compilePrincipal(statement: Readonly<Record<string, unknown>>): (principal: Principal) => boolean {
  const { Principal: wanted, NotPrincipal: unwanted } = statement;
  if (wanted !== undefined) return (principal) => names(wanted, principal);
  if (unwanted !== undefined) return (principal) => !names(unwanted, principal);
  return () => false;
}

function names(element: unknown, principal: Principal): boolean {
  if (element === '*') return true;
  if (typeof element !== 'object' || element === null) return false;
  const { AWS: aws, Service: service } = element as { AWS?: unknown; Service?: unknown };
  if (list(aws).includes('*')) return true;
  if (principal.kind === 'anonymous') return false;
  if (principal.kind === 'service') return list(service).includes(principal.service);
  return list(aws).some(
    (value) =>
      value === principal.roleArn ||
      value === principal.sessionArn ||
      value === principal.accountId ||
      value === `arn:aws:iam::${principal.accountId}:root`,
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
