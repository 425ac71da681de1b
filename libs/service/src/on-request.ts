import { ApiError, type ApiContract, type RouteContract, type RouteInput, type RouteOutput, type Routes } from '@larder/contracts';
import type { Page } from '@larder/contracts/common';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type DynamoDb, dynamodb } from './aws/dynamodb.ts';
import { sha256 } from './digest.ts';
import { findSettled } from './inbox.ts';
import { type Cause, type Invocation, toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import type { RequestOnce, Settled } from './once.ts';
import { type Problem, RequestProblem, titleOf } from './problem.ts';
import { type HttpApiEvent, type ReadRequest, readCaller, readIdempotencyKey, readRequest, type RequestCaller } from './read-request.ts';
import { toTraceparent } from './trace.ts';
import { ulid } from './ulid.ts';

export type { RequestCaller } from './read-request.ts';

/** A request as its rule sees it. */
export type RequestOf<Route extends RouteContract> = RouteInput<Route> & {
  readonly caller: RequestCaller;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** To be handed to `commit` or `client`: what follows knows what it follows from. */
  readonly cause: Cause;
} & (Route['idempotencyKey'] extends 'required'
    ? {
        readonly idempotencyKey: string;
        /** To be handed to `commit`, with the answer: the same key has one effect and one answer. */
        readonly once: RequestOnce<RouteOutput<Route>>;
      }
    : unknown);

export type RequestHandler = (event: HttpApiEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

export interface OnRequestOptions {
  /** Bytes that a body may have, 256 KiB unless told; more is answered 413. */
  readonly mostBytes?: number;
}

/**
 * Serves one route of a contract behind an HTTP API (payload format 2.0).
 *
 * Wrong input is answered 400 with all wrong fields as problem details (RFC 9457), an `ApiError` with its declared status, and anything else 500 with an id to look up in the logs
 * and nothing else. The answer is checked against the contract, and fields that it does not have stay inside.
 *
 * Where the contract requires an `Idempotency-Key`, the rule's only effect is one `commit` with `once` and the answer. The same key, caller and request get the same answer again,
 * also when both come at once; another request under the same key is answered 422. Errors are not kept: there was no effect, and the caller may try again.
 */
export const onRequest = /* @__PURE__ */ requestReceiver({ dynamodb, ulid });

/** {@link onRequest} with its world handed in. */
export function requestReceiver({ dynamodb, ulid }: { dynamodb: Pick<DynamoDb, 'getItem'>; ulid: () => string }) {
  return <Service extends string, R extends Routes, const Name extends keyof R & string>(
    api: ApiContract<Service, R>,
    name: Name,
    rule: (request: RequestOf<R[Name]>) => RouteOutput<R[Name]> | Promise<RouteOutput<R[Name]>>,
    { mostBytes = 256 * 1024 }: OnRequestOptions = {},
  ): RequestHandler => {
    const route: RouteContract | undefined = api.routes[name];
    if (!route) throw new TypeError(`the contract of ${api.service} has no route '${name}'`);
    const call = rule as (request: object) => object | Promise<object>;

    const answer = async (event: HttpApiEvent, cause: Cause, { functionName }: Invocation): Promise<object> => {
      const caller = readCaller(route, event);
      const idempotencyKey = route.idempotencyKey ? readIdempotencyKey(event.headers) : undefined;
      const { params, query, body } = readRequest(route, event, mostBytes);
      const request = { params, query, body, caller, headers: event.headers, cause };
      if (idempotencyKey === undefined) return call(request);

      const id = `request#${functionName}#${sha256(JSON.stringify([callerKey(caller), idempotencyKey]))}`;
      const fingerprint = fingerprintOf(name, request);
      let settled: Settled | undefined;
      let asked = false;
      const settle = (outcome: Settled | undefined): void => {
        asked = true;
        settled = outcome;
      };
      const once: RequestOnce = { kind: 'request', id, fingerprint, settle };
      try {
        await call({ ...request, idempotencyKey, once });
        if (!asked) throw new TypeError(`the rule of ${api.service}.${name} returned without a commit of its 'once'`);
      } catch (error) {
        // It may have failed because of what the first request with this key did: then the answer is that one's.
        settled ??= await findSettled(id, dynamodb);
        if (!settled) throw error;
      }
      if (!settled)
        throw new RequestProblem(
          409,
          'IDEMPOTENT_REQUEST_IN_PROGRESS',
          'A request with this Idempotency-Key is being answered: try again in a moment',
        );
      if (settled.fingerprint !== fingerprint) {
        throw new RequestProblem(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request: take a new one');
      }
      return settled.answer;
    };

    return (event, context) => {
      const requestId = context.awsRequestId;
      const given = event.headers['x-correlation-id'];
      const correlationId = given && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : ulid();
      const invocation: Invocation = toInvocation(context, correlationId, requestId);
      const cause: Cause = { correlationId, causationId: requestId, traceparent: toTraceparent(invocation.traceHeader) };
      return within(invocation, async () => {
        const secret = route.auth !== 'public';
        try {
          const output = await answer(event, cause, invocation);
          const parsed = route.success.body.safeParse(output);
          if (!parsed.success)
            throw new TypeError(
              `the answer of ${api.service}.${name} breaks its contract: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
            );
          const { status, media } = route.success;
          if (media === 'text/html') return pageReply(status, parsed.data as Page, correlationId);
          return reply(status, parsed.data, 'application/json', correlationId, secret);
        } catch (error) {
          const problem = toProblem(error, api.service, requestId);
          if (problem.status >= 500) log.error('A request failed', { route: name, status: problem.status, code: problem.code }, error);
          else log.info('A request was refused', { route: name, status: problem.status, code: problem.code });
          return reply(problem.status, problem, 'application/problem+json', correlationId, true);
        }
      });
    };
  };
}

function toProblem(error: unknown, service: string, instance: string): Problem {
  if (error instanceof ApiError) {
    const { code, status, message } = error;
    return { type: `urn:larder:problem:${service}:${code}`, title: titleOf(status), status, detail: message, instance, code };
  }
  if (error instanceof RequestProblem) {
    const { code, status, message, errors } = error;
    return { type: 'about:blank', title: titleOf(status), status, detail: message, instance, code, errors };
  }
  const detail = 'Something went wrong on our side. Try again, and tell us the instance if it stays';
  return { type: 'about:blank', title: titleOf(500), status: 500, detail, instance, code: 'INTERNAL' };
}

function reply(status: number, body: object, type: string, correlationId: string, secret: boolean): APIGatewayProxyStructuredResultV2 {
  const headers: Record<string, string> = { 'content-type': type, 'x-content-type-options': 'nosniff', 'x-correlation-id': correlationId };
  if (secret) headers['cache-control'] = 'no-store';
  return { statusCode: status, headers, body: JSON.stringify(body) };
}

function pageReply(statusCode: number, { html, policy }: Page, correlationId: string): APIGatewayProxyStructuredResultV2 {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-correlation-id': correlationId,
    // A page and what it asks are of one deployment.
    'cache-control': 'no-store',
  };
  return { statusCode, headers, body: html };
}

function callerKey(caller: RequestCaller): string {
  if (caller.kind === 'person') return `person:${caller.id}`;
  return caller.kind === 'service' ? `service:${roleOf(caller.arn)}` : 'anonymous';
}

/** Without the session's name, which changes with every environment of the calling function: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
function roleOf(arn: string): string {
  return arn.includes(':assumed-role/') ? arn.split('/').slice(0, 2).join('/') : arn;
}

/** Of what the rule sees, whatever the order and spacing in which it was sent. */
function fingerprintOf(route: string, { params, query, body }: ReadRequest): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return sha256(JSON.stringify([route, params, query, body], sorted));
}
