import { applyPolicy, type Client } from '../configuration/apply-policy.ts';
import type { Configuration } from '../configuration/define-configuration.ts';
import { mappingOf, placeAt } from '../configuration/mapping-of.ts';
import { inOrder, type Transformed } from '../configuration/transformations.ts';
import { parseEdits, type AskedFormat } from '../edits/edits.ts';
import { inCanonicalOrder } from '../edits/canonical-order.ts';
import { type Format, toFormat } from '../edits/formats.ts';
import { ImageError } from '../image-error.ts';
import { allowedBucket, checkOverlays } from './buckets.ts';
import { canonicalText } from './canonical.ts';
import { secondsToExpiry } from './expiry.ts';
import type { ImageRequest, Output, RawRequest } from './image-request.ts';
import { readJsonRequest } from './json-request.ts';
import type { Place } from './place.ts';
import { isKnown, toQueryEdits } from './query-edits.ts';
import { toResponseHeaders } from './response-headers.ts';
import { isSigned, literalText } from './signature.ts';
import { readThumborPath } from './thumbor-path.ts';

export interface RequestRules {
  /** Where pictures may come from; the first is meant when a request names none. */
  readonly buckets: readonly [string, ...string[]];
  readonly configuration?: Configuration | undefined;
  /** Only named policies may be asked for. */
  readonly policiesOnly?: boolean | undefined;
  /** Live secrets: with one or two of them every request must be signed by one. */
  readonly secrets?: readonly string[] | undefined;
  /** Formats that are chosen, best first, when the client takes them and the request leaves the format open. */
  readonly autoFormats?: readonly Format[] | undefined;
  readonly now: () => Date;
}

/** A request as it comes in. */
export interface Incoming extends Client {
  /** Escaped, as it was sent. */
  readonly path: string;
  /** Not escaped any more. */
  readonly query: ReadonlyMap<string, string>;
}

/** CloudFront takes addresses of this length. */
const longestPath = 8192;

/**
 * What a request asks for. The form is decided in this order: JSON in Base64, a configured mapping, the configured rewrite, a path of Thumbor's; the query comes on top.
 *
 * @throws {ImageError} with a status from 400 to 403, whatever is sent.
 */
export const readRequest =
  (rules: RequestRules) =>
  (incoming: Incoming): ImageRequest => {
    const { path } = incoming;
    if (!path.startsWith('/') || path === '/') throw new ImageError('DecodeRequest::CannotReadPath', 'The path names no picture.');
    if (path.length > longestPath) throw new ImageError('RequestTypeError', `A path may have ${longestPath} characters.`);
    const query = new Map([...incoming.query].filter(([name]) => isKnown(name)));
    const read = () => toImageRequest(readForm(incoming, rules), { query, client: incoming, rules });
    checkSignature(path, query, rules, read);
    const expiresInSeconds = secondsToExpiry(query.get('expires'), rules.now());
    return { ...read(), expiresInSeconds };
  };

/** What is signed: the request as it stands, for addresses that were made for AWS's solution, or its canonical text, which outlives a change of form. */
export function signedText(request: ImageRequest, expires?: string): string {
  return expires === undefined ? canonicalText(request) : `${canonicalText(request)}?expires=${expires}`;
}

function readForm({ path, host }: Incoming, { configuration, buckets }: RequestRules): RawRequest {
  const json = readJsonRequest(path);
  if (json) return json;
  const mapping = configuration && mappingOf(configuration, host, path);
  if (mapping) {
    const origin = configuration.origins.get(mapping.origin);
    const place = origin && placeAt(origin, path, buckets[0]);
    return { key: '', place, policy: mapping.policy ?? configuration.defaultPolicy, edits: {} };
  }
  if (!configuration?.rewrite) return readThumborPath(path);
  // As in AWS's solution a bucket may also stand in the path that came.
  const bucket = /\/s3:([^/]*)(?=\/)/.exec(path)?.[1];
  const rewritten = readThumborPath(configuration.rewrite(path));
  return { ...rewritten, bucket: bucket ?? rewritten.bucket };
}

/** Whether a request is one of the second generation: a mapping answers it. */
export function isMapped({ path, host }: Incoming, configuration: Configuration): boolean {
  return mappingOf(configuration, host, path) !== undefined && path.length <= longestPath && !isJson(path);
}

function isJson(path: string): boolean {
  try {
    return readJsonRequest(path) !== undefined;
  } catch {
    return true;
  }
}

function toImageRequest(
  raw: RawRequest,
  { query, client, rules }: { query: ReadonlyMap<string, string>; client: Client; rules: RequestRules },
): ImageRequest {
  const policy = policyOf(query.get('policyId') ?? raw.policy, client, rules);
  const onTop = toQueryEdits(query);
  if (rules.policiesOnly) checkPoliciesOnly(raw, onTop);
  const all = { ...policy?.edits, ...raw.edits, ...onTop.edits };
  const { edits, asked } = parseEdits(raw.place ? inOrder(all) : all);
  checkOverlays(edits, rules);
  const quality = onTop.quality ?? raw.quality ?? policy?.quality;
  return {
    place: placeOf(raw, rules),
    edits: inCanonicalOrder(edits),
    output: toOutput({ ...raw, quality }, asked, { accept: client.accept, autoFormats: rules.autoFormats ?? [] }),
    headers: toResponseHeaders(raw.headers),
    ...(policy && policy.hints.length > 0 && { hints: policy.hints }),
  };
}

function placeOf({ place, bucket, key }: RawRequest, { buckets }: RequestRules): Place {
  if (place?.url !== undefined) return place;
  return { bucket: allowedBucket(place?.bucket ?? bucket, buckets), key: checkKey(place?.key ?? key) };
}

function policyOf(name: string | undefined, client: Client, { configuration }: RequestRules) {
  if (name === undefined) return undefined;
  const policy = configuration?.policies.get(name);
  if (policy) return applyPolicy(policy, client);
  throw new ImageError('NoSuchPolicy', 'There is no policy of this name.');
}

function checkPoliciesOnly({ edits, outputFormat, effort, quality, headers }: RawRequest, onTop: Transformed): void {
  const asked = [...Object.values(edits), ...Object.values(onTop.edits), outputFormat, effort, quality, onTop.quality, headers];
  if (asked.every((value) => value === undefined)) return;
  throw new ImageError('PolicyRequired', 'Here pictures are made by named policies only: ask with ?policyId= and nothing else.');
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
