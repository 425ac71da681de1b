import { parseEdits, type AskedFormat } from '../edits/edits.ts';
import { inCanonicalOrder } from '../edits/canonical-order.ts';
import { type Format, toFormat } from '../edits/formats.ts';
import { ImageError } from '../image-error.ts';
import { allowedBucket, checkOverlayBuckets } from './buckets.ts';
import { canonicalText } from './canonical.ts';
import { secondsToExpiry } from './expiry.ts';
import type { ImageRequest, Output, RawRequest } from './image-request.ts';
import { readJsonRequest } from './json-request.ts';
import { queryNames, toQueryEdits } from './query-edits.ts';
import { toResponseHeaders } from './response-headers.ts';
import type { Rewrite } from './rewrite.ts';
import { isSigned, literalText } from './signature.ts';
import { readThumborPath } from './thumbor-path.ts';

export interface RequestRules {
  /** Where pictures may come from; the first is meant when a request names none. */
  readonly buckets: readonly [string, ...string[]];
  readonly rewrite?: Rewrite | undefined;
  /** Live secrets: with one or two of them every request must be signed by one. */
  readonly secrets?: readonly string[] | undefined;
  /** Formats that are chosen, best first, when the client takes them and the request leaves the format open. */
  readonly autoFormats?: readonly Format[] | undefined;
  readonly now: () => Date;
}

/** A request as it comes in. */
export interface Incoming {
  /** Escaped, as it was sent. */
  readonly path: string;
  /** Not escaped any more. */
  readonly query: ReadonlyMap<string, string>;
  readonly accept?: string | undefined;
}

/** CloudFront takes addresses of this length. */
const longestPath = 8192;

/**
 * What a request asks for. The form is decided in this order: JSON in Base64, the configured rewrite, a path of Thumbor's; the query comes on top.
 *
 * @throws {ImageError} with a status from 400 to 403, whatever is sent.
 */
export const readRequest =
  (rules: RequestRules) =>
  ({ path, query: sent, accept }: Incoming): ImageRequest => {
    if (!path.startsWith('/') || path === '/') throw new ImageError('DecodeRequest::CannotReadPath', 'The path names no picture.');
    if (path.length > longestPath) throw new ImageError('RequestTypeError', `A path may have ${longestPath} characters.`);
    const query = new Map([...sent].filter(([name]) => queryNames.has(name)));
    const read = () => toImageRequest(readForm(path, rules), { query, accept, rules });
    checkSignature(path, query, rules, read);
    const expiresInSeconds = secondsToExpiry(query.get('expires'), rules.now());
    return { ...read(), expiresInSeconds };
  };

/** What is signed: the request as it stands, for addresses that were made for AWS's solution, or its canonical text, which outlives a change of form. */
export function signedText(request: ImageRequest, expires?: string): string {
  return expires === undefined ? canonicalText(request) : `${canonicalText(request)}?expires=${expires}`;
}

function readForm(path: string, { rewrite }: RequestRules): RawRequest {
  const json = readJsonRequest(path);
  if (json) return json;
  if (!rewrite) return readThumborPath(path);
  // As in AWS's solution a bucket may also stand in the path that came.
  const bucket = /\/s3:([^/]*)(?=\/)/.exec(path)?.[1];
  const rewritten = readThumborPath(rewrite(path));
  return { ...rewritten, bucket: bucket ?? rewritten.bucket };
}

function toImageRequest(
  raw: RawRequest,
  { query, accept, rules }: { query: ReadonlyMap<string, string>; accept: string | undefined; rules: RequestRules },
): ImageRequest {
  const bucket = allowedBucket(raw.bucket, rules.buckets);
  const { edits, asked } = parseEdits({ ...raw.edits, ...toQueryEdits(query) });
  checkOverlayBuckets(edits, rules.buckets);
  return {
    place: { bucket, key: checkKey(raw.key) },
    edits: inCanonicalOrder(edits),
    output: toOutput(raw, asked, { accept, autoFormats: rules.autoFormats ?? [] }),
    headers: toResponseHeaders(raw.headers),
  };
}

/** `toFormat` before what the client takes before `outputFormat` before the options of a format: the precedence of AWS's solution. */
function toOutput(
  raw: RawRequest,
  asked: AskedFormat,
  { accept, autoFormats }: { accept: string | undefined; autoFormats: readonly Format[] },
): Output {
  const { toFormat: first, lastFormat, options, placeholder } = asked;
  if (placeholder) return { placeholder };
  const outputFormat = raw.outputFormat === undefined ? undefined : toFormat(raw.outputFormat);
  const said = outputFormat === 'auto' ? lastFormat : (outputFormat ?? lastFormat);
  const open = first === 'auto' || (first === undefined && (outputFormat === 'auto' || autoFormats.length > 0));
  const accepts = open ? acceptable(accept, autoFormats.length > 0 ? autoFormats : ['avif', 'webp']) : undefined;
  return {
    format: open ? 'auto' : (first ?? said),
    accepts,
    otherwise: open ? said : undefined,
    quality: checkQuality(raw.quality),
    effort: raw.effort,
    options: Object.keys(options).length > 0 ? options : undefined,
  };
}

/** The formats that a client names in `Accept`. A wildcard is in everybody's, and says nothing of AVIF. */
function acceptable(accept: string | undefined, formats: readonly Format[]): readonly Format[] {
  const named = (accept ?? '').toLowerCase().slice(0, 2048).split(',');
  const taken = new Set(named.filter((range) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(range)).map((range) => range.split(';')[0]?.trim()));
  return formats.filter((format) => taken.has(`image/${format}`));
}

function checkKey(key: string): string {
  // S3 takes keys of 1,024 bytes; what cannot be printed is no name of a picture.
  if (key !== '' && Buffer.byteLength(key) <= 1024 && key.isWellFormed() && !/\p{Cc}/u.test(key)) return key;
  throw new ImageError('DecodeRequest::CannotReadPath', 'The path names no picture: a key has 1 to 1,024 bytes of printable text.');
}

function checkQuality(quality: number | undefined): number | undefined {
  if (quality === undefined || (Number.isInteger(quality) && quality >= 1 && quality <= 100)) return quality;
  throw new ImageError('ImageEdits::CannotParseEdits', 'A quality is a whole number of 1 to 100.');
}

function checkSignature(path: string, query: ReadonlyMap<string, string>, { secrets = [] }: RequestRules, read: () => ImageRequest): void {
  if (secrets.length === 0) return;
  const signature = query.get('signature');
  if (!signature) throw new ImageError('AuthorizationQueryParametersError', 'Requests must be signed: the query lacks its signature.');
  if (isSigned(signature, [literalText(path, query)], secrets)) return;
  if (isSigned(signature, canonicalTexts(read, query.get('expires')), secrets)) return;
  throw new ImageError('SignatureDoesNotMatch', 'The signature does not match.');
}

/** None for what is no request: whoever cannot sign is not told why it is none. */
function canonicalTexts(read: () => ImageRequest, expires: string | undefined): string[] {
  try {
    return [signedText(read(), expires)];
  } catch (error) {
    if (error instanceof ImageError) return [];
    throw error;
  }
}
