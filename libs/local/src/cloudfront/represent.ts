import type { Readable } from 'node:stream';
import type { Headers } from './fetch-origin.ts';
import { headerOf, type ViewerRequest } from './viewer.ts';

/** An answer as a viewer gets it. */
export interface Representation {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | Readable;
}

/**
 * Makes of an answer what the viewer has asked for: nothing but a 304 when it has the answer already, or a part of it. Of an answer that just comes from
 * the origin there are no parts, unless the origin gave one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RangeGETs.html
 */
export function represent(viewer: ViewerRequest, answer: Representation): Representation {
  const { status, headers, body } = answer;
  if (status !== 200 || (viewer.method !== 'GET' && viewer.method !== 'HEAD')) return answer;
  if (isKnown(viewer, headers)) {
    const { 'content-length': _, 'content-encoding': __, ...more } = headers;
    return { status: 304, headers: more, body: Buffer.isBuffer(body) ? Buffer.alloc(0) : body };
  }
  if (!Buffer.isBuffer(body) || viewer.method === 'HEAD') return answer;
  const range = isRangeWanted(viewer, headers) ? rangeOf(headerOf(viewer, 'range'), body.length) : undefined;
  if (range === undefined) return answer;
  if (range === 'unsatisfiable')
    return { status: 416, headers: { 'content-type': 'text/plain', 'content-range': `bytes */${body.length}` }, body: Buffer.alloc(0) };
  const [first, last] = range;
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${body.length}` },
    body: body.subarray(first, last + 1),
  };
}

function isKnown(viewer: ViewerRequest, headers: Headers): boolean {
  const etag = single(headers['etag']);
  const wanted = headerOf(viewer, 'if-none-match');
  if (wanted !== undefined) {
    if (wanted.trim() === '*') return true;
    return etag !== undefined && wanted.split(',').some((each) => weak(each) === weak(etag));
  }
  const modified = Date.parse(single(headers['last-modified']) ?? '');
  const since = Date.parse(headerOf(viewer, 'if-modified-since') ?? '');
  return modified <= since;
}

/** With `If-Range` a part is wanted of the very answer that the viewer knows. */
function isRangeWanted(viewer: ViewerRequest, headers: Headers): boolean {
  const known = headerOf(viewer, 'if-range');
  return known === undefined || known === single(headers['etag']) || known === single(headers['last-modified']);
}

/** One range; of several, and of what is none, the whole is the answer. */
function rangeOf(text: string | undefined, length: number): readonly [number, number] | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') return length === 0 || Number(to) === 0 ? 'unsatisfiable' : [Math.max(0, length - Number(to)), length - 1];
  const last = to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== '' && Number(to) < Number(from)) return undefined;
  return Number(from) >= length ? 'unsatisfiable' : [Number(from), last];
}

function weak(etag: string): string {
  return etag.trim().replace(/^W\//, '');
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
