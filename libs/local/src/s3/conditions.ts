import { noSuchKey, notImplemented, preconditionFailed } from './errors.ts';
import type { StoredObject } from './objects.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Conditions on what is read, in the order of RFC 9110.
 *
 * @returns whether the reader has it already: 304.
 * @throws {AwsError} `PreconditionFailed`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function isUnchanged(headers: Headers, object: StoredObject): boolean {
  const modified = seconds(object.modified);
  const match = headers['if-match'];
  if (match !== undefined) {
    if (!names(match, object.etag)) throw preconditionFailed('If-Match');
  } else if (modified > timeOf(headers['if-unmodified-since'], Infinity)) throw preconditionFailed('If-Unmodified-Since');
  const none = headers['if-none-match'];
  if (none !== undefined) return names(none, object.etag);
  return modified <= timeOf(headers['if-modified-since'], -Infinity);
}

/**
 * Conditions on what is about to be replaced or deleted.
 *
 * @throws {AwsError} `PreconditionFailed`; `NoSuchKey` when what should match is not there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
export function checkWrite(headers: Headers, key: string, present: StoredObject | undefined): void {
  const none = headers['if-none-match'];
  if (none !== undefined && none !== '*') throw notImplemented('a write with an If-None-Match other than *');
  if (none !== undefined && present) throw preconditionFailed('If-None-Match');
  const match = headers['if-match'];
  if (match === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!names(match, present.etag)) throw preconditionFailed('If-Match');
}

/** Conditions on what is copied. @throws {AwsError} `PreconditionFailed`. */
export function checkCopySource(headers: Headers, source: StoredObject): void {
  const renamed: Record<string, string | undefined> = {};
  for (const name of ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'])
    renamed[name] = headers[`x-amz-copy-source-${name}`];
  if (isUnchanged(renamed, source)) throw preconditionFailed('x-amz-copy-source-If-None-Match');
}

/**
 * Reads a Range.
 *
 * @returns undefined for the whole: also for several ranges and for what is none, which S3 does not look at.
 */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : 'unsatisfiable';
}

function names(header: string, etag: string): boolean {
  return header.split(',').some((each) => {
    const wanted = each.trim().replace(/^W\//, '').replaceAll('"', '');
    return wanted === '*' || wanted === etag;
  });
}

/** HTTP has no milliseconds. */
function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function timeOf(header: string | undefined, otherwise: number): number {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? otherwise : seconds(time);
}
