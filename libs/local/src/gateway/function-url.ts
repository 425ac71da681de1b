import type { IncomingMessage, ServerResponse } from 'node:http';
import { ORIGIN_ACCESS_HEADER, type OriginAccess } from '../cloudfront/origin-access.ts';
import { readBody } from '../endpoint/body.ts';
import type { Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { FunctionUrl, FunctionUrls } from '../lambda/function-url.ts';
import { functionUrlAnswer, gatewayAnswer, sendAnswer, type HttpAnswer } from './answer.ts';
import { createUrlAuthorize } from './authorize-url.ts';
import { preflight, withCors } from './cors.ts';
import { eventV2 } from './event.ts';
import { type Incoming, readAddress, readIncoming } from './incoming.ts';
import { readCors } from './read-properties.ts';
import { streamAnswer } from './stream-answer.ts';

export interface FunctionUrlDependencies {
  readonly iam: Iam;
  readonly functionUrls: FunctionUrls;
  readonly originAccess: OriginAccess;
}

/** Lambda's limit for a call that waits. */
const BODY_LIMIT = 6 * 1024 * 1024;

/** The function that a host names: `<url id>.lambda-url.localhost`. */
export function urlIdOf(host: string): string | undefined {
  return /^([a-z0-9]+)\.lambda-url\.localhost$/.exec(host)?.[1];
}

/** Serves one request to a function URL: authorizes it, invokes the function, answers at once or as the function streams. */
export function createServeFunctionUrl(kernel: Kernel, dependencies: FunctionUrlDependencies) {
  const { functionUrls } = dependencies;
  const authorize = createUrlAuthorize(kernel, dependencies);

  const explain = (url: FunctionUrl, level: 'warn' | 'error', message: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level, service: url.service, message: `function URL of ${nameOf(url)}: ${message}` });

  /** @returns what Lambda answers itself, or undefined when the function may be asked. */
  const refuse = (url: FunctionUrl, incoming: Incoming, access: ReturnType<typeof authorize>): HttpAnswer | undefined => {
    if (!('refused' in access)) return undefined;
    const enforced = kernel.iam === 'enforce';
    explain(url, 'warn', `${incoming.method} ${incoming.rawPath} ${enforced ? 'was refused' : 'would be refused'}: ${access.refused}`);
    return enforced ? gatewayAnswer(403, 'Forbidden') : undefined;
  };

  /** A function that cannot be invoked: its throttles reach the client, everything else is for the terminal. */
  const failed = (url: FunctionUrl, error: unknown): HttpAnswer => {
    if (error instanceof AwsError && error.status === 429) return gatewayAnswer(429, 'Rate Exceeded.');
    explain(url, 'error', `it could not be invoked: ${error instanceof Error ? error.message : String(error)}`);
    return gatewayAnswer(502, 'Internal Server Error');
  };

  const answerOf = async (
    url: FunctionUrl,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<HttpAnswer | 'aborted' | 'streamed'> => {
    const { rawPath, rawQuery } = readAddress(request.url ?? '/');
    const body = await readBody(request, BODY_LIMIT).catch((error: unknown) => {
      if (error instanceof AwsError && error.status === 413) return undefined;
      throw error;
    });
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
    if (body === 'aborted') return body;
    const incoming = readIncoming(request, { rawPath, path: rawPath, rawQuery }, body, kernel.now());
    const access = authorize(url, incoming);
    const refused = refuse(url, incoming, access);
    if (refused) return refused;

    const { [ORIGIN_ACCESS_HEADER]: _, ...headers } = incoming.headers;
    const event = eventV2({
      accountId: kernel.accountId,
      api: { id: url.id, stage: undefined },
      selected: { route: { key: '$default', path: '$default' }, parameters: undefined },
      incoming: { ...incoming, headers },
      authorized: 'refused' in access ? {} : access,
    });
    const call = { payload: JSON.stringify(event), traceHeader: incoming.traceHeader };
    if (url.invokeMode === 'BUFFERED') {
      const ran = await functionUrls.invoke(url, call);
      const answer = ran.kind === 'ok' ? functionUrlAnswer(ran.payload) : gatewayAnswer(502, 'Internal Server Error');
      if (!answer) explain(url, 'error', `the answer to ${incoming.method} ${rawPath} is malformed: ${ran.payload.slice(0, 300)}`);
      return answer ?? gatewayAnswer(502, 'Internal Server Error');
    }
    const decorate = (own: HttpAnswer['headers']): HttpAnswer['headers'] =>
      allowed(url, request, { status: 200, headers: own, body }).headers;
    const sink = streamAnswer(request, response, decorate, (problem) => explain(url, 'error', `${incoming.method} ${rawPath}: ${problem}`));
    const ran = await functionUrls.invoke(url, { ...call, sink });
    if (ran.kind === 'ok') sink.end(ran.payload);
    else sink.fail();
    return 'streamed';
  };

  return async (id: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const url = functionUrls.find(id);
    if (!url) {
      request.resume();
      return sendAnswer(request, response, gatewayAnswer(404, `No function URL has the id ${id}.`));
    }
    const cors = readCors(url.cors);
    const asked =
      cors && preflight(cors, request.method ?? 'GET', request.headers.origin, request.headers['access-control-request-method']);
    if (asked) request.resume();
    const answer = asked ?? (await answerOf(url, request, response).catch((error: unknown) => failed(url, error)));
    if (answer === 'aborted') return;
    if (answer !== 'streamed' && !response.destroyed && !response.headersSent)
      sendAnswer(request, response, asked ? answer : allowed(url, request, answer));
    kernel.tell({
      kind: 'request',
      at: kernel.now(),
      service: url.service,
      method: request.method ?? 'GET',
      path: readAddress(request.url ?? '/').rawPath,
      status: answer === 'streamed' ? response.statusCode : answer.status,
      durationMs: performance.now() - started,
    });
  };
}

/** With CORS configured, what the function itself says about it does not count. */
function allowed(url: FunctionUrl, request: IncomingMessage, answer: HttpAnswer): HttpAnswer {
  const cors = readCors(url.cors);
  return cors ? withCors(answer, cors, request.headers.origin) : answer;
}

function nameOf({ functionArn }: FunctionUrl): string {
  return functionArn.slice(functionArn.indexOf(':function:') + ':function:'.length);
}
