import type { TokenIssuer } from '../cognito/cognito.ts';
import { roleIdOf } from '../iam/credentials.ts';
import type { Iam } from '../iam/iam.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { LambdaPort } from '../kernel/ports.ts';
import { gatewayAnswer, type HttpAnswer } from './answer.ts';
import { header, type Incoming } from './incoming.ts';
import { claimTexts, createJwtCheck, scopesOf } from './jwt.ts';
import type { Api, Authorizer } from './model.ts';
import { createRequestAuthorizer } from './request-authorizer.ts';
import type { Selected } from './select-route.ts';
import { createSignatureCheck } from './signature.ts';

/** What the event says of the caller, in each payload format. */
export interface Authorized {
  readonly v2?: Record<string, unknown>;
  readonly v1?: Record<string, unknown>;
  readonly identity?: Record<string, unknown>;
}

export type Authorization = Authorized | { readonly answer: HttpAnswer };

/** Decides whether a request may reach its route. */
export function createAuthorize(kernel: Kernel, { iam, issuer, lambda }: { iam: Iam; issuer: TokenIssuer; lambda: LambdaPort }) {
  const checkToken = createJwtCheck(issuer, kernel.now);
  const checkSignature = createSignatureCheck(iam, kernel.now);
  const askFunction = createRequestAuthorizer(kernel, lambda);

  const explain = (api: Api, incoming: Incoming, reason: string): void => {
    const message = `${incoming.method} ${incoming.rawPath} was refused: ${reason}`;
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', service: api.service, message });
  };

  const byToken = async (
    api: Api,
    authorizer: Extract<Authorizer, { kind: 'jwt' }>,
    { route }: Selected,
    incoming: Incoming,
  ): Promise<Authorization> => {
    const token = readSource(authorizer.identitySource, incoming)?.replace(/^bearer\s+/i, '');
    if (!token) return { answer: unauthorized() };
    const claims = await checkToken(authorizer, token);
    if ('refused' in claims && typeof claims.refused === 'string') {
      explain(api, incoming, `the token does not do: ${claims.refused}`);
      return { answer: unauthorized() };
    }
    const held = scopesOf(claims);
    if (route.scopes.length > 0 && !route.scopes.some((scope) => held.includes(scope))) {
      explain(api, incoming, `the token has none of the scopes ${route.scopes.join(', ')}`);
      return { answer: forbidden() };
    }
    const texts = claimTexts(claims);
    const scopes = route.scopes.length > 0 ? held : null;
    return { v2: { jwt: { claims: texts, scopes } }, v1: { claims: texts, scopes } };
  };

  const bySignature = (api: Api, incoming: Incoming): Authorization => {
    const verified = checkSignature(incoming);
    if ('refused' in verified) {
      explain(api, incoming, verified.refused);
      return { answer: forbidden() };
    }
    const { accessKeyId } = verified;
    const caller = iam.callerOf(accessKeyId);
    const userArn = caller?.arn ?? `arn:aws:iam::${kernel.accountId}:root`;
    const callerId = caller?.kind === 'function' ? `${roleIdOf(caller.roleArn)}:${caller.functionName}` : kernel.accountId;
    if (caller?.kind === 'function') {
      const action = 'execute-api:Invoke';
      const resource = `${arnOf(kernel, api)}/${incoming.method}${incoming.path}`;
      const answer = iam.allows(caller.roleArn, { action, resource });
      if (!answer.allowed) {
        const enforced = kernel.iam === 'enforce';
        const { functionName } = caller;
        kernel.tell({ kind: 'denied', at: kernel.now(), functionName, action, resource, reason: answer.reason, enforced });
        if (enforced) return { answer: forbidden() };
      }
    }
    const { accountId } = kernel;
    return {
      v2: { iam: { accessKey: accessKeyId, accountId, callerId, cognitoIdentity: null, principalOrgId: null, userArn, userId: callerId } },
      identity: { accessKey: accessKeyId, accountId, caller: callerId, user: callerId, userArn },
    };
  };

  return async (api: Api, selected: Selected, incoming: Incoming): Promise<Authorization> => {
    const { authorization, authorizerId } = selected.route;
    if (authorization === 'NONE') return NOBODY;
    if (authorization === 'AWS_IAM') return bySignature(api, incoming);
    const authorizer = authorizerId === undefined ? undefined : api.authorizers.get(authorizerId);
    if (!authorizer) {
      explain(api, incoming, `the authorizer of the route ${selected.route.key} does not exist`);
      return { answer: gatewayAnswer(500, 'Internal Server Error') };
    }
    if (authorizer.kind === 'jwt') return byToken(api, authorizer, selected, incoming);
    return askFunction(authorizer, api, selected, incoming, arnOf(kernel, api));
  };
}

const NOBODY: Authorized = {};

export function unauthorized(): HttpAnswer {
  return gatewayAnswer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
}

export function forbidden(): HttpAnswer {
  return gatewayAnswer(403, 'Forbidden');
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>` */
export function arnOf(kernel: Kernel, api: Api): string {
  return `arn:aws:execute-api:${kernel.region}:${kernel.accountId}:${api.id}/${api.stage?.name ?? '$default'}`;
}

/** `$request.header.Name`, `$request.querystring.name`. */
export function readSource(source: string, incoming: Incoming): string | undefined {
  const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  return kind === 'querystring' ? incoming.query?.get(name)?.[0] : header(incoming, name.toLowerCase());
}
