import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { AwsError } from '../kernel/aws-error.ts';
import { readBody } from './body.ts';
import { answerError, answerPlain, answerRest } from './reply.ts';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  /** Segments that the route names: `{poolId}`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Ends when the client has gone away. */
  readonly signal: AbortSignal;
}

export interface PlainReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream of text or bytes is sent as it comes. */
  readonly body?: string | Buffer | AsyncIterable<string | Uint8Array>;
}

/** Something at the endpoint that is no AWS API. */
export interface PlainRoute {
  /** `*` for any. */
  readonly method: string;
  /** `/_local/health`, `/{poolId}/.well-known/jwks.json`, or everything below: `/_local/cloudformation/*`. */
  readonly path: string;
  /** @throws {AwsError} to answer with its status and message. */
  handle(request: PlainRequest): PlainReply | Promise<PlainReply>;
}

interface Found {
  readonly route: PlainRoute;
  readonly params: Record<string, string>;
}

const BODY_LIMIT = 16 * 1024 * 1024;

/** Finds and serves plain routes; the first that fits wins. */
export function createPlainRoutes(routes: readonly PlainRoute[], report: (error: unknown, where: string) => void) {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }));

  return {
    find(method: string, url: string): Found | undefined {
      const [path = ''] = url.split('?', 1);
      const given = path.split('/').slice(1);
      for (const { route, segments } of compiled) {
        if (route.method !== method && route.method !== '*') continue;
        const params = match(segments, given);
        if (params) return { route, params };
      }
      return undefined;
    },

    async serve({ route, params }: Found, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      try {
        const body = await readBody(request, BODY_LIMIT);
        if (body === 'aborted') return;
        const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
        const headers = request.headers as Record<string, string | undefined>;
        const query = new URLSearchParams(search);
        const reply = await route.handle({ method: request.method ?? 'GET', path, params, query, headers, body, signal: gone.signal });
        await send(response, reply);
      } catch (error) {
        report(error, `${request.method} ${request.url}`);
        if (error instanceof AwsError) answerPlain(response, error.status, error.message);
        else answerError(error)(response);
      }
    },
  };
}

async function send(response: ServerResponse, { status, headers, body }: PlainReply): Promise<void> {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return answerRest({ status, headers, body })(response);
  response.writeHead(status, { ...headers });
  response.flushHeaders();
  // A client that leaves in the middle is no error.
  await pipeline(Readable.from(body), response).catch(() => {});
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment === '*' && index === segments.length - 1) return params;
    const value = given[index];
    if (value === undefined) return undefined;
    if (segment.startsWith('{') && segment.endsWith('}')) params[segment.slice(1, -1)] = decode(value);
    else if (segment !== value) return undefined;
  }
  return segments.length === given.length ? params : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
