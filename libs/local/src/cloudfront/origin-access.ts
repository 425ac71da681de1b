import { randomBytes } from 'node:crypto';

/** Where a distribution says which one it is, for the signature that CloudFront gives to a request under an origin access control. */
export const ORIGIN_ACCESS_HEADER = 'x-larder-origin-access';

/** Proofs that a request comes from a distribution: nobody outside this process knows them. */
export interface OriginAccess {
  proofFor(distributionArn: string): string;
  /** @returns the ARN of the distribution whose proof this is. */
  distributionOf(proof: string | undefined): string | undefined;
}

export function createOriginAccess(): OriginAccess {
  const arns = new Map<string, string>();
  const proofs = new Map<string, string>();
  return {
    proofFor(arn) {
      let proof = proofs.get(arn);
      if (proof === undefined) {
        proofs.set(arn, (proof = randomBytes(24).toString('base64url')));
        arns.set(proof, arn);
      }
      return proof;
    },
    distributionOf: (proof) => (proof === undefined ? undefined : arns.get(proof)),
  };
}
