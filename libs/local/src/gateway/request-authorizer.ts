import { contextOf } from '../iam/context.ts';
import { decide } from '../iam/decide.ts';
import { compilePolicy } from '../iam/policy.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { LambdaPort } from '../kernel/ports.ts';
import { gatewayAnswer } from './answer.ts';
import { type Authorization, forbidden, readSource, unauthorized } from './authorize.ts';
import { type Exchange, eventV1, eventV2 } from './event.ts';
import type { Incoming } from './incoming.ts';
import type { Api, Authorizer } from './model.ts';
import type { Selected } from './select-route.ts';

type RequestAuthorizer = Extract<Authorizer, { kind: 'request' }>;

const REMEMBERED = 1_000;

/**
 * Asks the function of a REQUEST authorizer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function createRequestAuthorizer(kernel: Kernel, lambda: LambdaPort) {
  const remembered = new Map<string, { answer: Record<string, unknown>; until: number }>();

  const ask = async (
    authorizer: RequestAuthorizer,
    exchange: Exchange,
    arn: string,
    sources: readonly string[],
  ): Promise<Record<string, unknown>> => {
    const routeArn = `${arn}/${exchange.incoming.method}${exchange.incoming.path}`;
    const event =
      authorizer.payloadVersion === '2.0'
        ? { ...eventV2(exchange), type: 'REQUEST', routeArn, identitySource: sources.length > 0 ? sources : null }
        : {
            ...eventV1(exchange),
            type: 'REQUEST',
            methodArn: routeArn,
            identitySource: sources.join(','),
            authorizationToken: sources.join(','),
          };
    const result = await lambda.invoke({
      functionName: authorizer.functionName,
      payload: JSON.stringify(event),
      type: 'RequestResponse',
      principal: { service: 'apigateway.amazonaws.com', sourceArn: `${arn.slice(0, arn.lastIndexOf('/'))}/authorizers/${authorizer.id}` },
      traceHeader: exchange.incoming.traceHeader,
    });
    if (result.functionError) throw new Error(`the authorizer's function failed: ${result.payload.slice(0, 500)}`);
    const answer: unknown = JSON.parse(result.payload);
    if (typeof answer !== 'object' || answer === null)
      throw new Error(`the authorizer's function returned ${result.payload.slice(0, 100)}`);
    return answer as Record<string, unknown>;
  };

  return async (authorizer: RequestAuthorizer, api: Api, selected: Selected, incoming: Incoming, arn: string): Promise<Authorization> => {
    const sources = authorizer.identitySources.map((source) => readSource(source, incoming));
    if (sources.some((value) => !value)) return { answer: unauthorized() };
    const given = sources as string[];
    const key = JSON.stringify([authorizer.id, given]);
    const now = kernel.now();
    try {
      const known = remembered.get(key);
      let answer = known && known.until > now ? known.answer : undefined;
      if (!answer) {
        answer = await ask(authorizer, { accountId: kernel.accountId, api, selected, incoming, authorized: {} }, arn, given);
        if (authorizer.ttlSeconds > 0 && given.length > 0) {
          if (remembered.size >= REMEMBERED) remembered.clear();
          remembered.set(key, { answer, until: now + authorizer.ttlSeconds * 1000 });
        }
      }
      const resource = `${arn}/${incoming.method}${incoming.path}`;
      if (!(authorizer.simple ? answer['isAuthorized'] === true : policyAllows(answer['policyDocument'], resource)))
        return { answer: forbidden() };
      const context = (answer['context'] ?? {}) as Record<string, unknown>;
      return {
        v2: { lambda: context },
        v1: { ...context, ...(answer['principalId'] === undefined ? {} : { principalId: answer['principalId'] }) },
      };
    } catch (error) {
      const message = `${incoming.method} ${incoming.rawPath} could not be authorized: ${error instanceof Error ? error.message : String(error)}`;
      kernel.tell({ kind: 'notice', at: now, level: 'error', service: api.service, message });
      return { answer: gatewayAnswer(500, 'Internal Server Error') };
    }
  };
}

function policyAllows(document: unknown, resource: string): boolean {
  return decide(compilePolicy(document), { action: 'execute-api:Invoke', resource, context: contextOf() }).outcome === 'allowed';
}
