import { invalidArgument } from './errors.ts';
import type { Objects, StoredObject } from './objects.ts';
import type { XmlMembers } from './xml.ts';

export interface Page {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** The key or the prefix to go on after; undefined when there is no more. */
  readonly next: string | undefined;
}

/** Comes after every key that begins with a prefix. */
const LAST = '\u{10FFFF}';

/** One page of a bucket's keys: those after `after` that begin with a prefix, with what lies behind a delimiter folded into one entry. */
export function listPage(
  objects: Objects,
  bucket: string,
  {
    prefix,
    delimiter,
    after,
    most,
  }: { readonly prefix: string; readonly delimiter: string; readonly after: string; readonly most: number },
): Page {
  const found: StoredObject[] = [];
  const prefixes: string[] = [];
  let last = after;
  // What was folded on the page before is passed over as a whole.
  let cursor =
    delimiter !== '' && after.endsWith(delimiter) && after.startsWith(prefix) && after.length > prefix.length ? after + LAST : after;
  // A key may be the prefix itself, and keys come after the cursor.
  let object = comesBefore(cursor, prefix) ? first(objects, bucket, prefix) : objects.after(bucket, cursor);
  for (; object?.key.startsWith(prefix); object = objects.after(bucket, cursor)) {
    if (found.length + prefixes.length === most) return { objects: found, prefixes, next: most === 0 ? undefined : last };
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    if (end === -1) {
      found.push(object);
      cursor = last = object.key;
    } else {
      last = object.key.slice(0, end + delimiter.length);
      if (prefixes.at(-1) !== last) prefixes.push(last);
      cursor = last + LAST;
    }
  }
  return { objects: found, prefixes, next: undefined };
}

/** The document of ListObjectsV2, or of ListObjects. */
export function listObjects(objects: Objects, bucket: string, query: URLSearchParams, version: 1 | 2): XmlMembers {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = maximum(query.get('max-keys'), 'max-keys');
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const marker = query.get('marker') ?? '';
  const after = version === 1 ? marker : token === null ? startAfter : fromToken(token);
  const page = listPage(objects, bucket, { prefix, delimiter, after, most });
  const name = nameEncoder(query);
  const common = {
    Name: bucket,
    Prefix: name(prefix),
    ...(delimiter !== '' && { Delimiter: name(delimiter) }),
    MaxKeys: most,
    ...(query.get('encoding-type') === 'url' && { EncodingType: 'url' }),
    IsTruncated: page.next !== undefined,
  };
  const rest = {
    Contents: page.objects.map((object) => ({
      Key: name(object.key),
      LastModified: new Date(object.modified).toISOString(),
      ETag: `"${object.etag}"`,
      ...(object.meta.checksum && { ChecksumAlgorithm: object.meta.checksum.algorithm, ChecksumType: object.meta.checksum.type }),
      Size: object.size,
      StorageClass: object.meta.headers['x-amz-storage-class'] ?? 'STANDARD',
    })),
    CommonPrefixes: page.prefixes.map((each) => ({ Prefix: name(each) })),
  };
  if (version === 1) return { ...common, Marker: name(marker), ...(page.next !== undefined && { NextMarker: name(page.next) }), ...rest };
  return {
    ...common,
    KeyCount: page.objects.length + page.prefixes.length,
    ...(startAfter !== '' && { StartAfter: name(startAfter) }),
    ...(token !== null && { ContinuationToken: token }),
    ...(page.next !== undefined && { NextContinuationToken: Buffer.from(page.next).toString('base64url') }),
    ...rest,
  };
}

/** How many items a page has: a thousand, or fewer. @throws {AwsError} `InvalidArgument`. */
export function maximum(text: string | null, name: string): number {
  if (text === null || text === '') return 1000;
  if (!/^\d{1,10}$/.test(text)) throw invalidArgument(`Provided ${name} not an integer or within integer range`, name);
  return Math.min(1000, Number(text));
}

/** Keys may have characters that no XML can hold: a client that knows asks for them encoded. */
export function nameEncoder(query: URLSearchParams): (name: string) => string {
  const type = query.get('encoding-type');
  if (type !== null && type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type');
  return type === 'url' ? (name) => encodeURIComponent(name).replaceAll('%2F', '/') : (name) => name;
}

function first(objects: Objects, bucket: string, prefix: string): StoredObject | undefined {
  return objects.find(bucket, prefix) ?? objects.after(bucket, prefix);
}

/** In the order of UTF-8, as the database has it, which is not that of JavaScript's strings. */
function comesBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function fromToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text === '') throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
  return text;
}
