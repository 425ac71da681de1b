import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request as all payload formats need it. */
export interface Incoming {
  readonly method: string;
  /** As sent, with the service, without the query. */
  readonly rawPath: string;
  /** Without the service: what routes are matched with. */
  readonly path: string;
  readonly rawQuery: string;
  readonly query: ReadonlyMap<string, readonly string[]> | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly requestId: string;
  readonly traceHeader: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export function readIncoming(request: IncomingMessage, address: Address, body: Buffer, now: number): Incoming {
  const headers = request.headersDistinct as Record<string, string[]>;
  const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace('::ffff:', '');
  const traceHeader = traceOf(headers['x-amzn-trace-id']?.[0], now);
  headers['x-amzn-trace-id'] = [traceHeader];
  headers['x-forwarded-for'] = [...(headers['x-forwarded-for'] ?? []), sourceIp];
  headers['x-forwarded-proto'] ??= ['http'];
  headers['x-forwarded-port'] ??= [String(request.socket.localPort ?? '')];
  return {
    method: request.method ?? 'GET',
    ...address,
    query: address.rawQuery === '' ? undefined : readQuery(address.rawQuery),
    headers,
    body,
    sourceIp,
    protocol: `HTTP/${request.httpVersion}`,
    requestId: randomBytes(11).toString('base64'),
    traceHeader,
    time: now,
  };
}

export interface Address {
  readonly rawPath: string;
  readonly path: string;
  readonly rawQuery: string;
}

/** Takes an address apart: the first segment is the service. */
export function readAddress(url: string): Address & { readonly service: string } {
  const mark = url.indexOf('?');
  const rawPath = mark === -1 ? url : url.slice(0, mark);
  const second = rawPath.indexOf('/', 1);
  return {
    service: second === -1 ? rawPath.slice(1) : rawPath.slice(1, second),
    rawPath,
    path: second === -1 ? '/' : rawPath.slice(second),
    rawQuery: mark === -1 ? '' : url.slice(mark + 1),
  };
}

/** The name that a client has asked for, without the port. */
export function hostOf(request: IncomingMessage): string {
  return request.headers.host?.replace(/:\d+$/, '').toLowerCase() ?? 'localhost';
}

/** One value of a header; repeated ones joined by commas. */
export function header({ headers }: Incoming, name: string): string | undefined {
  return headers[name]?.join(',');
}

/** `12/Mar/2020:19:03:58 +0000` */
export function logTime(time: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}

/**
 * The body as events carry it: text as it is, anything else in base64. API Gateway goes by the content type.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function bodyOf(incoming: Incoming): { body: string | undefined; isBase64Encoded: boolean } {
  const { body } = incoming;
  if (body.length === 0) return { body: undefined, isBase64Encoded: false };
  const type = header(incoming, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isText = /^(?:text\/.+|application\/(?:.+\+)?(?:json|xml|javascript)|)$/.test(type);
  return isText ? { body: body.toString('utf8'), isBase64Encoded: false } : { body: body.toString('base64'), isBase64Encoded: true };
}

function readQuery(rawQuery: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

/** The header that came, if it is one, or the root of a new trace. */
function traceOf(given: string | undefined, now: number): string {
  if (given !== undefined && /^[\w=;:.-]{1,500}$/.test(given) && given.includes('Root=1-')) return given;
  return `Root=1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}
