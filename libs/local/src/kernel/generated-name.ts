import { createHash } from 'node:crypto';
import type { ResourceRequest } from './resource-type.ts';

/**
 * The name of a resource that the template gives none: `<stack>-<logical id>-<suffix>`, as CloudFormation makes it, but always the
 * same for the same resource, so that state on disk is found again.
 */
export function generatedName({ stackName, logicalId }: Pick<ResourceRequest, 'stackName' | 'logicalId'>, longest: number): string {
  const suffix = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  const room = longest - suffix.length - 1;
  const stack = stackName.slice(0, Math.max(1, room - logicalId.length - 1));
  return `${`${stack}-${logicalId}`.slice(0, room)}-${suffix}`;
}

/** An id of letters and digits, always the same for the same resource: others keep it, in SSM for one. At most 32 characters. */
export function generatedId(
  { stackName, logicalId }: Pick<ResourceRequest, 'stackName' | 'logicalId'>,
  length: number,
  alphabet: string,
): string {
  const bytes = createHash('sha256').update(`${stackName}/${logicalId}`).digest();
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');
}
