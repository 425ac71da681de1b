import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A name with its value, as it is sent: `a=1`, or `a` alone. */
export interface Pair {
  readonly name: string;
  readonly text: string;
}

/** What a viewer asks for: as it came, or as a function has changed it. */
export interface ViewerRequest {
  readonly method: string;
  /** The path, as sent. */
  readonly uri: string;
  readonly query: readonly Pair[];
  /** Names in lower case; without Cookie. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly cookies: readonly Pair[];
  readonly ip: string;
  readonly port: number;
  readonly httpVersion: string;
  readonly id: string;
}

export function readViewerRequest(request: IncomingMessage): ViewerRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const { cookie = [], ...headers } = request.headersDistinct as Record<string, string[]>;
  return {
    method: request.method ?? 'GET',
    uri: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? [] : toPairs(url.slice(mark + 1), /&/),
    headers,
    cookies: cookie.flatMap((line) => toPairs(line, /;\s*/)),
    ip: (request.socket.remoteAddress ?? '127.0.0.1').replace('::ffff:', ''),
    port: request.socket.remotePort ?? 0,
    httpVersion: request.httpVersion,
    id: randomBytes(42).toString('base64url'),
  };
}

export function toQuery(query: readonly Pair[]): string {
  return query.length === 0 ? '' : `?${query.map(({ text }) => text).join('&')}`;
}

/** One value of a header; repeated ones joined by commas. */
export function headerOf({ headers }: ViewerRequest, name: string): string | undefined {
  return headers[name]?.join(', ');
}

function toPairs(text: string, separator: RegExp): Pair[] {
  return text
    .split(separator)
    .filter((each) => each !== '')
    .map((each) => ({ name: each.split('=', 1)[0] ?? '', text: each }));
}
