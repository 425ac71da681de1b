import type { ImageError, ImageErrorCode } from '../image-error.ts';
import type { ImageRequest } from '../request/image-request.ts';
import type { Made } from '../transform/transform.ts';
import { rangeOf } from './range.ts';
import type { Source } from './serve-image.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

/** What of a picture is asked for, as its headers say it. */
export interface Part {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** A year: what a request asks for changes with its address, or with its ETag. */
const unlessSaid = 'max-age=31536000,public';
/** An error may be over soon. */
const errorsFor = 'max-age=10,public';

/** Whatever is sent, a browser takes it for a picture or for text, never for a page. */
const inert = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
};

/** The picture, or the one range of its bytes that is asked for (RFC 9110, 14). */
export function pictureAnswer({ bytes, contentType }: Made, name: string, request: ImageRequest, source: Source, part: Part): Answer {
  const headers = { ...kept(name, request, source), 'content-type': contentType, 'accept-ranges': 'bytes' };
  const range = rangeOf(part, bytes.byteLength, `"${name}"`);
  if (range === 'all') return { status: 200, headers: { ...headers, 'content-length': String(bytes.byteLength) }, body: bytes };
  if (range === 'none')
    return { status: 416, headers: { ...headers, 'content-length': '0', 'content-range': `bytes */${bytes.byteLength}` } };
  const body = bytes.subarray(range.start, range.end + 1);
  const said = { 'content-length': String(body.byteLength), 'content-range': `bytes ${range.start}-${range.end}/${bytes.byteLength}` };
  return { status: 206, headers: { ...headers, ...said }, body };
}

export function notModified(name: string, request: ImageRequest, source: Source): Answer {
  return { status: 304, headers: kept(name, request, source) };
}

/** JSON as AWS's image solution has it: `{status, code, message}`. */
export function errorAnswer(error: ImageError): Answer {
  return errorWith(error.status, 'application/json', new TextEncoder().encode(JSON.stringify(error)));
}

/** JSON as its second generation has it: `{error, message, requestId}`. */
export function mappedErrorAnswer({ code, status, message }: ImageError, requestId = ''): Answer {
  const [mappedStatus, error] = toMapped(code, status);
  return errorWith(mappedStatus, 'application/json', new TextEncoder().encode(JSON.stringify({ error, message, requestId })));
}

function toMapped(code: ImageErrorCode, status: number): readonly [status: number, error: string] {
  if (code === 'InstantiationError') return [415, 'UNSUPPORTED_MEDIA_TYPE'];
  if (code === 'TimeoutException') return [504, 'RequestTimeout'];
  if (code === 'BadGateway') return [502, 'BAD_GATEWAY'];
  if (status === 404) return [404, 'RESOURCE_NOT_FOUND'];
  if (status === 403) return [403, 'ACCESS_DENIED'];
  return status < 500 ? [status, 'VALIDATION_ERROR'] : [status, 'INTERNAL_ERROR'];
}

/** A picture that stands in for another keeps the status that says so. */
export function fallbackAnswer({ status }: ImageError, { contentType, bytes }: Made): Answer {
  return errorWith(status, contentType, bytes);
}

function errorWith(status: number, contentType: string, body: Uint8Array): Answer {
  const headers = { ...inert, 'content-type': contentType, 'content-length': String(body.byteLength), 'cache-control': errorsFor };
  return { status, headers, body };
}

/** What the request asks for itself comes last, but for what the service answers for. */
function kept(name: string, request: ImageRequest, { cacheControl, lastModified }: Source): Record<string, string> {
  const { headers, expiresInSeconds, output, hints = [] } = request;
  const vary = [...(output.format === 'auto' ? ['accept'] : []), ...hints];
  const asked = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
  return {
    'cache-control': cacheControl ?? unlessSaid,
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
    ...asked,
    ...(expiresInSeconds !== undefined && { 'cache-control': `max-age=${expiresInSeconds},public` }),
    ...inert,
    ...(vary.length > 0 && { vary: vary.join(', ') }),
    etag: `"${name}"`,
  };
}
