import type { ImageError } from '../image-error.ts';
import type { ImageRequest } from '../request/image-request.ts';
import type { Picture } from '../transform/transform.ts';
import type { Source } from './serve-image.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
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

export function pictureAnswer(picture: Picture, name: string, request: ImageRequest, source: Source): Answer {
  const headers = {
    ...kept(name, request, source),
    'content-type': picture.contentType,
    'content-length': String(picture.bytes.byteLength),
    ...(picture.negotiated && { vary: 'accept' }),
  };
  return { status: 200, headers, body: picture.bytes };
}

export function notModified(name: string, request: ImageRequest, source: Source): Answer {
  return { status: 304, headers: kept(name, request, source) };
}

/** JSON as AWS's image solution has it: `{status, code, message}`. */
export function errorAnswer(error: ImageError): Answer {
  const body = new TextEncoder().encode(JSON.stringify(error));
  return {
    status: error.status,
    headers: { ...inert, 'content-type': 'application/json', 'content-length': String(body.byteLength), 'cache-control': errorsFor },
    body,
  };
}

/** A picture that stands in for another keeps the status that says so. */
export function fallbackAnswer({ status }: ImageError, { contentType, bytes }: Picture): Answer {
  return {
    status,
    headers: { ...inert, 'content-type': contentType, 'content-length': String(bytes.byteLength), 'cache-control': errorsFor },
    body: bytes,
  };
}

/** What the request asks for itself comes last, but for what the service answers for. */
function kept(name: string, { headers, expiresInSeconds }: ImageRequest, { cacheControl, lastModified }: Source): Record<string, string> {
  const asked = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
  return {
    'cache-control': cacheControl ?? unlessSaid,
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
    ...asked,
    ...(expiresInSeconds !== undefined && { 'cache-control': `max-age=${expiresInSeconds},public` }),
    ...inert,
    etag: `"${name}"`,
  };
}
