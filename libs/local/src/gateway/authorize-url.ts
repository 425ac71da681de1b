import { createHash } from 'node:crypto';
import { ORIGIN_ACCESS_HEADER, type OriginAccess } from '../cloudfront/origin-access.ts';
import { contextOf } from '../iam/context.ts';
import { roleIdOf } from '../iam/credentials.ts';
import { decide } from '../iam/decide.ts';
import type { Iam } from '../iam/iam.ts';
import { compilePolicy } from '../iam/policy.ts';
import type { Principal } from '../iam/principal.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { FunctionUrl, FunctionUrls } from '../lambda/function-url.ts';
import type { Authorized } from './authorize.ts';
import { header, type Incoming } from './incoming.ts';
import { createSignatureCheck } from './signature.ts';

export type UrlAccess = Authorized | { readonly refused: string };

/**
 * Decides whether a request may invoke a function through its URL. That takes two permissions: `lambda:InvokeFunctionUrl`, and
 * `lambda:InvokeFunction` on the condition that the call comes through the URL.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function createUrlAuthorize(
  kernel: Kernel,
  { iam, functionUrls, originAccess }: { iam: Iam; functionUrls: FunctionUrls; originAccess: OriginAccess },
): (url: FunctionUrl, incoming: Incoming) => UrlAccess {
  const checkSignature = createSignatureCheck(iam, kernel.now, 'lambda');

  /** What the function's own policy says to somebody without a role. */
  const admits = (url: FunctionUrl, principal: Principal, facts: Record<string, string>): string | undefined => {
    const statements = compilePolicy(functionUrls.policyOf(url) ?? { Statement: [] });
    for (const { action, context } of needed(url)) {
      const question = { action, resource: url.functionArn, context: contextOf(facts, context) };
      if (decide(statements, question, principal).outcome !== 'allowed')
        return `no statement of the function's policy allows ${action} to ${principal.kind === 'service' ? principal.service : 'everybody'}: add an AWS::Lambda::Permission`;
    }
    return undefined;
  };

  const byDistribution = (url: FunctionUrl, incoming: Incoming, distributionArn: string): UrlAccess => {
    // What CloudFront signs has the hash of the body, which only the viewer can give.
    const hash = createHash('sha256').update(incoming.body).digest('hex');
    if (incoming.body.length > 0 && header(incoming, 'x-amz-content-sha256') !== hash)
      return { refused: 'its body comes through a distribution that signs, and so needs its SHA-256 in x-amz-content-sha256' };
    const refused = admits(
      url,
      { kind: 'service', service: 'cloudfront.amazonaws.com' },
      {
        'aws:SourceArn': distributionArn,
        'aws:SourceAccount': kernel.accountId,
      },
    );
    return refused === undefined ? {} : { refused };
  };

  const bySignature = (url: FunctionUrl, incoming: Incoming): UrlAccess => {
    const verified = checkSignature(incoming);
    if ('refused' in verified) return verified;
    const { accessKeyId } = verified;
    const caller = iam.callerOf(accessKeyId);
    if (caller?.kind === 'function') {
      for (const { action, context } of needed(url)) {
        const resourcePolicy = functionUrls.policyOf(url);
        const answer = iam.allows(caller.roleArn, { action, resource: url.functionArn, context, resourcePolicy });
        if (!answer.allowed) return { refused: answer.reason };
      }
    }
    const { accountId } = kernel;
    const userArn = caller?.arn ?? `arn:aws:iam::${accountId}:root`;
    const callerId = caller?.kind === 'function' ? `${roleIdOf(caller.roleArn)}:${caller.functionName}` : accountId;
    const identity = {
      accessKey: accessKeyId,
      accountId,
      callerId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn,
      userId: callerId,
    };
    return { v2: { iam: identity } };
  };

  return (url, incoming) => {
    const distributionArn = originAccess.distributionOf(header(incoming, ORIGIN_ACCESS_HEADER));
    if (url.authType === 'AWS_IAM') {
      return distributionArn === undefined ? bySignature(url, incoming) : byDistribution(url, incoming, distributionArn);
    }
    const refused = admits(url, { kind: 'anonymous' }, {});
    return refused === undefined ? {} : { refused };
  };
}

function needed({ authType }: FunctionUrl): readonly { action: string; context: Record<string, string> }[] {
  return [
    { action: 'lambda:InvokeFunctionUrl', context: { 'lambda:FunctionUrlAuthType': authType } },
    { action: 'lambda:InvokeFunction', context: { 'lambda:InvokedViaFunctionUrl': 'true', 'lambda:FunctionUrlAuthType': authType } },
  ];
}
