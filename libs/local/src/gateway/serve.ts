import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenIssuer } from '../cognito/cognito.ts';
import { readBody } from '../endpoint/body.ts';
import { isLocal } from '../endpoint/origin.ts';
import type { Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { InvokeResult, LambdaPort } from '../kernel/ports.ts';
import { functionAnswer, gatewayAnswer, sendAnswer, type HttpAnswer } from './answer.ts';
import { arnOf, createAuthorize } from './authorize.ts';
import { preflight, withCors } from './cors.ts';
import { eventV1, eventV2 } from './event.ts';
import { type Address, hostOf, readAddress, readIncoming } from './incoming.ts';
import type { Api } from './model.ts';
import type { Registry } from './registry.ts';

export interface ApiDependencies {
  readonly lambda: LambdaPort;
  readonly iam: Iam;
  readonly issuer: TokenIssuer;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const BODY_LIMIT = 10 * 1024 * 1024;

/** Serves one request: finds its API and route, authorizes it, invokes the function, answers. */
export function createServe(kernel: Kernel, registry: Registry, dependencies: ApiDependencies) {
  const authorize = createAuthorize(kernel, dependencies);

  const notice = (api: Api, message: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', service: api.service, message });

  const route = async (api: Api, request: IncomingMessage, address: Address): Promise<HttpAnswer | 'aborted'> => {
    const method = request.method ?? 'GET';
    const selected = api.stage && registry.select(api, method, address.path);
    const integration = selected && api.integrations.get(selected.route.integrationId);
    if (!selected || !integration) {
      request.resume();
      return gatewayAnswer(404, 'Not Found');
    }
    if (!registry.admit(api, selected.route)) {
      request.resume();
      return gatewayAnswer(429, 'Too Many Requests');
    }
    const body = await readBody(request, BODY_LIMIT);
    if (body === 'aborted') return body;
    const incoming = readIncoming(request, address, body, kernel.now());
    const authorized = await authorize(api, selected, incoming);
    if ('answer' in authorized) return authorized.answer;

    const exchange = { accountId: kernel.accountId, api, selected, incoming, authorized };
    const event = integration.payloadVersion === '2.0' ? eventV2(exchange) : eventV1(exchange);
    const { path, key } = selected.route;
    const invoked = dependencies.lambda.invoke({
      functionName: integration.functionName,
      payload: JSON.stringify(event),
      type: 'RequestResponse',
      principal: {
        service: 'apigateway.amazonaws.com',
        sourceArn: `${arnOf(kernel, api)}/${key === '$default' ? key : `${incoming.method}${path}`}`,
      },
      traceHeader: incoming.traceHeader,
    });
    const result = await within(integration.timeoutMs, invoked).catch((error: unknown) => failed(api, incoming.rawPath, error));
    if ('headers' in result) return result;
    if (result.functionError) return gatewayAnswer(500, 'Internal Server Error');
    const answer = functionAnswer(result.payload, integration.payloadVersion);
    if (answer) return answer;
    notice(api, `${method} ${incoming.rawPath}: the function's answer is malformed: ${result.payload.slice(0, 300)}`);
    return gatewayAnswer(500, 'Internal Server Error');
  };

  /** A function that cannot be invoked. Of its throttles the gateway makes a 503, of everything else a 500; why is for the terminal. */
  const failed = (api: Api, path: string, error: unknown): HttpAnswer => {
    if (error instanceof IntegrationTimeout) return gatewayAnswer(503, 'Service Unavailable');
    if (error instanceof AwsError && error.code === 'TooManyRequestsException') return gatewayAnswer(503, 'Service Unavailable');
    notice(api, `${path}: the function could not be invoked: ${error instanceof Error ? error.message : String(error)}`);
    return gatewayAnswer(500, 'Internal Server Error');
  };

  /** By the first segment of the path, as an API mapping does; or by the API's own name, as distributions ask for it. */
  const find = (host: string, { service, ...address }: ReturnType<typeof readAddress>): { api?: Api | undefined; address: Address } => {
    const id = /^([a-z0-9]+)\.execute-api\.localhost$/.exec(host)?.[1];
    if (id === undefined) return { api: isLocal(host) && !host.endsWith('.localhost') ? registry.byService(service) : undefined, address };
    const api = registry.byId(id);
    // There, a stage that has a name is the first segment.
    const stage = api?.stage?.name ?? '$default';
    const isStage = address.rawPath === `/${stage}` || address.rawPath.startsWith(`/${stage}/`);
    const path = isStage ? address.rawPath.slice(stage.length + 1) || '/' : address.rawPath;
    return { api: stage === '$default' || isStage ? api : undefined, address: { ...address, path } };
  };

  const answerOf = async (
    host: string,
    api: Api | undefined,
    address: Address,
    request: IncomingMessage,
  ): Promise<HttpAnswer | 'aborted'> => {
    if (!api) {
      request.resume();
      return gatewayAnswer(404, host.endsWith('.localhost') ? `Nothing answers at ${host}.` : nobody(readAddress(address.rawPath).service));
    }
    const origin = request.headers.origin;
    const { cors } = api;
    const asked = cors && preflight(cors, request.method ?? 'GET', origin, request.headers['access-control-request-method']);
    if (asked) {
      request.resume();
      return asked;
    }
    const answer = await route(api, request, address).catch((error: unknown) => {
      if (error instanceof AwsError && error.status === 413) return gatewayAnswer(413, 'Request Entity Too Large');
      notice(api, `${address.rawPath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return gatewayAnswer(500, 'Internal Server Error');
    });
    return cors && answer !== 'aborted' ? withCors(answer, cors, origin) : answer;
  };

  const nobody = (service: string): string => {
    const urls = [...registry.all()].map((api) => `${kernel.gatewayUrl}/${api.service}`);
    const known = urls.length === 0 ? 'None does yet.' : `These do: ${[...new Set(urls)].sort().join(', ')}.`;
    return `No service '${service.slice(0, 100)}' answers here. ${known}`;
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const host = hostOf(request);
    const { service, ...sent } = readAddress(request.url ?? '/');
    const { api, address } = find(host, { service, ...sent });
    const answer = await answerOf(host, api, address, request);
    if (answer === 'aborted') return;
    const { status } = answer;
    if (!response.destroyed) sendAnswer(request, response, answer);
    const durationMs = performance.now() - started;
    kernel.tell({
      kind: 'request',
      at: kernel.now(),
      service: api?.service ?? service,
      method: request.method ?? 'GET',
      path: address.rawPath,
      status,
      durationMs,
    });
  };
}

class IntegrationTimeout extends Error {}

/** The function goes on when the gateway no longer waits for it, as on AWS. */
function within(ms: number, invoked: Promise<InvokeResult>): Promise<InvokeResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new IntegrationTimeout()), ms);
    invoked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
