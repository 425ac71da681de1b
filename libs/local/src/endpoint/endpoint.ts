import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsService, Caller } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Iam } from '../iam/iam.ts';
import { readBody } from './body.ts';
import { credentialScope } from './credential-scope.ts';
import { createGuard } from './guard.ts';
import { createJsonCalls } from './json-call.ts';
import { listenOnLoopback, type Listening } from './listen.ts';
import { isLocal, pageOrigin } from './origin.ts';
import { createQueryCalls } from './query-call.ts';
import { createPlainRoutes, type PlainRoute } from './plain-routes.ts';
import { type Answer, answerError, answerPlain } from './reply.ts';
import { createRestCalls } from './rest-call.ts';

export type { PlainReply, PlainRequest, PlainRoute } from './plain-routes.ts';
export { PortInUse } from './listen.ts';

export interface EndpointDependencies {
  readonly services: readonly AwsService[];
  readonly iam: Iam;
  /** What is not an AWS API: `/_local/…`, `/_aws/…`, `/{poolId}/.well-known/…`. */
  readonly routes: readonly PlainRoute[];
  /** Ends the environment that made a call, for the fault `crash`. The trace header tells which of a function's environments. */
  readonly crash: (caller: Caller, traceHeader?: string) => void;
}

export interface Endpoint {
  /**
   * Listens on the loopback addresses only.
   *
   * @param port 0 for any that is free.
   * @param host one address instead of `127.0.0.1` and, where there is one, `::1`.
   * @returns the port.
   * @throws {PortInUse}
   */
  listen(port: number, host?: string): Promise<number>;
  close(): Promise<void>;
}

/** The one address of all AWS APIs: finds out who calls what, asks IAM, lets the service answer. */
export function createEndpoint(kernel: Kernel, dependencies: EndpointDependencies): Endpoint {
  const { services, iam } = dependencies;
  const guard = createGuard(kernel, iam, dependencies.crash);
  const json = createJsonCalls(services, guard);
  const query = createQueryCalls(services, guard);
  const rest = createRestCalls(services, guard);
  const streams = services.filter((service) => service.protocol === 'stream');
  const plain = createPlainRoutes(
    [{ method: 'GET', path: '/_local/health', handle: () => health(services) }, ...dependencies.routes],
    guard.report,
  );
  let listening: Listening | undefined;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const origin = request.headers.origin;
    if (!isLocal(request.headers.host) || (origin !== undefined && !pageOrigin(origin))) {
      request.resume();
      return answerPlain(response, 403, 'This address answers programs and pages of this machine only.');
    }
    const target = request.headers['x-amz-target'];
    const url = request.url ?? '/';
    const scope = credentialScope(request.headers.authorization, url);
    const stream =
      target === undefined ? streams.find((each) => (scope ? scope.service === each.signingName : each.claims(request))) : undefined;
    // Which pages may read what it holds, it knows itself.
    if (stream) return stream.serve(request, response, guard);

    if (origin !== undefined) allowPage(response, origin);
    if (request.method === 'OPTIONS' && origin !== undefined) return preflight(request, response);

    const route = target === undefined ? plain.find(request.method ?? 'GET', url) : undefined;
    if (route) return plain.serve(route, request, response);

    if (typeof target !== 'string' && !scope) {
      request.resume();
      return answerPlain(response, 404, NOT_AN_API);
    }
    const body = await readBody(request, BODY_LIMIT);
    if (body === 'aborted') return;
    const facts = {
      scope,
      caller: (scope && iam.callerOf(scope.accessKeyId)) ?? { kind: 'root' as const, arn: `arn:aws:iam::${kernel.accountId}:root` },
      region: scope?.region ?? kernel.region,
      traceHeader: single(request.headers['x-amzn-trace-id']),
    };
    const name = scope?.service ?? '';
    const answer: Answer =
      typeof target === 'string'
        ? await json(target, body, request, facts)
        : await (query(name, body, request, facts) ?? rest(name, body, request, facts));
    answer(response);
  };

  return {
    async listen(port, host) {
      listening = await listenOnLoopback(
        (request, response) => {
          handle(request, response).catch((error: unknown) => {
            guard.report(error, `${request.method} ${request.url}`);
            if (response.headersSent) response.destroy();
            else answerError(error)(response);
          });
        },
        port,
        host,
      );
      return listening.port;
    },
    async close() {
      await listening?.close();
    },
  };
}

/** AWS's own largest request, an SQS or EventBridge batch apart, is Lambda's 6 MB payload, which base64 makes longer. */
const BODY_LIMIT = 16 * 1024 * 1024;

const NOT_AN_API =
  'This is the address of the AWS APIs: reach it with an AWS SDK or the AWS CLI (AWS_ENDPOINT_URL). The HTTP APIs of the services answer at the gateway.';

function health(services: readonly AwsService[]): { status: number; headers: Record<string, string>; body: string } {
  const names = [...new Set(services.map(({ signingName }) => signingName))].sort();
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ status: 'ok', services: names }) };
}

/** Pages of this machine may call: the shop's signs its visitors in. */
function allowPage(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'x-amzn-requestid, x-amzn-errortype');
  response.setHeader('vary', 'origin');
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const wanted = single(request.headers['access-control-request-headers']) ?? '*';
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, HEAD',
    'access-control-allow-headers': wanted,
    'access-control-max-age': '600',
  });
  response.end();
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
