import { idempotencyKey } from '@larder/contracts/common';
import { fieldProblems } from '@larder/contracts/contract-violation';
import type { RouteContract } from '@larder/contracts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type RequestFieldProblem, RequestProblem } from './problem.ts';

/** Who asks, as the gateway found out. */
export type RequestCaller =
  | { readonly kind: 'person'; readonly id: string; readonly email?: string | undefined }
  | { readonly kind: 'service'; readonly arn: string }
  | { readonly kind: 'anonymous' };

/** The event of an HTTP API, payload format 2.0, with what its authorizers add. */
export type HttpApiEvent = Omit<APIGatewayProxyEventV2, 'requestContext'> & {
  requestContext: APIGatewayProxyEventV2['requestContext'] & {
    authorizer?: { jwt?: { claims: Record<string, unknown> } | null; iam?: { userArn?: string | null } | null };
  };
};

export interface ReadRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Reads a request as its route's contract wants it.
 *
 * @throws {RequestProblem} 400 with all fields that are wrong, wherever they are; 413 and 415 for the body.
 */
export function readRequest(route: RouteContract, event: HttpApiEvent, mostBytes: number): ReadRequest {
  const given = {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: route.body ? readBody(event, mostBytes) : undefined,
  };
  const errors: RequestFieldProblem[] = [];
  const read = (place: 'path' | 'query' | 'body', schema: RouteContract['body']): unknown => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(given[place]);
    if (parsed.success) return parsed.data;
    errors.push(...fieldProblems(parsed.error.issues).map((problem) => ({ in: place, ...problem })));
    return undefined;
  };
  const request = { params: read('path', route.params), query: read('query', route.query), body: read('body', route.body) };
  if (errors.length > 0)
    throw new RequestProblem(400, 'INVALID_REQUEST', 'The request breaks its contract: see errors', errors.slice(0, 50));
  return request;
}

/**
 * Reads the caller from what the route's authorizer left.
 *
 * @throws {RequestProblem} 401 when a route that needs one was reached without: the gateway is set up wrongly.
 */
export function readCaller(route: RouteContract, event: HttpApiEvent): RequestCaller {
  const { authorizer } = event.requestContext;
  if (route.auth === 'jwt') {
    const { sub, email } = authorizer?.jwt?.claims ?? {};
    if (typeof sub !== 'string' || !sub) throw new RequestProblem(401, 'UNAUTHENTICATED', 'Sign in first');
    return { kind: 'person', id: sub, email: typeof email === 'string' ? email : undefined };
  }
  if (route.auth === 'iam') {
    const arn = authorizer?.iam?.userArn;
    if (!arn) throw new RequestProblem(401, 'UNAUTHENTICATED', 'Sign the request');
    return { kind: 'service', arn };
  }
  return { kind: 'anonymous' };
}

/** @throws {RequestProblem} 400 when it is missing or malformed. */
export function readIdempotencyKey(headers: Readonly<Record<string, string | undefined>>): string {
  const key = headers['idempotency-key'];
  const wrong = (message: string): RequestProblem =>
    new RequestProblem(400, 'INVALID_REQUEST', 'The request breaks its contract: see errors', [
      { in: 'header', pointer: '/idempotency-key', message },
    ]);
  if (!key) throw wrong('is missing: send a new one, such as a UUID, with every new request, and the same one when you try again');
  if (!idempotencyKey.safeParse(key).success) throw wrong('must have 1 to 64 printable characters without spaces');
  return key;
}

function readBody(event: HttpApiEvent, mostBytes: number): unknown {
  const encoding = event.isBase64Encoded ? 'base64' : 'utf8';
  const text = event.body ?? '';
  // A character has at most 3 bytes of UTF-8: most bodies need no counting.
  if (text.length * 3 > mostBytes && Buffer.byteLength(text, encoding) > mostBytes)
    throw new RequestProblem(413, 'BODY_TOO_LARGE', `The body has more than ${mostBytes} bytes`);
  if (text === '') return undefined;
  if (!isJson(event.headers['content-type'])) throw new RequestProblem(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json');
  try {
    return JSON.parse(encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text);
  } catch {
    throw new RequestProblem(400, 'INVALID_JSON', 'The body is no JSON');
  }
}

function isJson(contentType = ''): boolean {
  if (contentType === 'application/json') return true;
  return /^application\/([a-z0-9!#$&^_.-]+\+)?json$/.test(contentType.split(';')[0]?.trim().toLowerCase() ?? '');
}
