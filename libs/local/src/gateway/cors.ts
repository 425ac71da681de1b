import type { HttpAnswer } from './answer.ts';
import type { Cors } from './model.ts';

/**
 * Answers a preflight for a whole API: with CORS configured no route is asked, and no authorizer.
 *
 * @returns undefined when this is none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflight(cors: Cors, method: string, origin: string | undefined, wanted: string | undefined): HttpAnswer | undefined {
  if (method !== 'OPTIONS' || origin === undefined || wanted === undefined) return undefined;
  const headers: Record<string, string> = {};
  if (allows(cors, origin)) {
    Object.assign(headers, originHeaders(cors, origin));
    if (cors.methods.length > 0) headers['access-control-allow-methods'] = cors.methods.join(',');
    if (cors.headers.length > 0) headers['access-control-allow-headers'] = cors.headers.join(',');
    if (cors.maxAge !== undefined) headers['access-control-max-age'] = String(cors.maxAge);
  }
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** Adds to an answer what a page may read of it. What the function said about CORS itself does not count. */
export function withCors(answer: HttpAnswer, cors: Cors, origin: string | undefined): HttpAnswer {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-')));
  if (origin !== undefined && allows(cors, origin)) {
    const { vary, ...more } = originHeaders(cors, origin);
    Object.assign(headers, more);
    if (vary !== undefined) headers['vary'] = [headers['vary'] ?? [], vary].flat().join(', ');
    if (cors.exposed.length > 0) headers['access-control-expose-headers'] = cors.exposed.join(',');
  }
  return { ...answer, headers };
}

function allows(cors: Cors, origin: string): boolean {
  return cors.origins.some(
    (allowed) => allowed === '*' || allowed === origin || (allowed.endsWith('://*') && origin.startsWith(allowed.slice(0, -1))),
  );
}

function originHeaders(cors: Cors, origin: string): Record<string, string> {
  const anyone = cors.origins.includes('*') && !cors.credentials;
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    ...(anyone ? {} : { vary: 'Origin' }),
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}
