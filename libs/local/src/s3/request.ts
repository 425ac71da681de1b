import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';

/** A request to S3, before anything is known of who makes it. */
export interface S3Request {
  /** As the answer and events tell it. */
  readonly id: string;
  readonly method: string;
  /** As it was sent, encoded. */
  readonly path: string;
  /** What stands behind the question mark, as it was sent. */
  readonly search: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Absent where all buckets are meant. */
  readonly bucket: string | undefined;
  /** Empty where the bucket is meant. */
  readonly key: string;
  readonly bytes: AsyncIterable<Buffer>;
}

/**
 * Reads a request.
 *
 * @param bytes its body, which whoever calls has to end.
 * @throws {AwsError} `InvalidURI`, `KeyTooLongError`.
 */
export function toRequest(incoming: IncomingMessage, bytes: AsyncIterable<Buffer>): S3Request {
  const { path, search } = splitUrl(incoming);
  const { bucket, rest } = addressOf(incoming);
  const key = decodeKey(rest);
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { MaxSizeAllowed: 1024 });
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const id = newRequestId();
  return { id, method: incoming.method ?? 'GET', path, search, query: new URLSearchParams(search), headers, bucket, key, bytes };
}

/**
 * Finds the bucket: in the host (`<bucket>.s3.localhost`, `<bucket>.s3.<region>.localhost`, and `<bucket>.localhost`, which is what an SDK
 * makes of `http://localhost`), or else in the path.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function addressOf(incoming: IncomingMessage): {
  readonly bucket: string | undefined;
  readonly rest: string;
  readonly virtual: boolean;
} {
  const host = (incoming.headers.host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const { path } = splitUrl(incoming);
  const labels = /^(.+)\.localhost$/.exec(host)?.[1];
  const service = labels === undefined ? null : /^(?:(.+)\.)?s3(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?$/.exec(labels);
  const inHost = service ? service[1] : labels;
  if (inHost !== undefined) return { bucket: inHost, rest: path.slice(1), virtual: true };
  const [, bucket = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: bucket === '' ? undefined : decodeKey(bucket), rest, virtual: false };
}

/** Sixteen letters and digits. */
export function newRequestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}

function splitUrl({ url = '/' }: IncomingMessage): { readonly path: string; readonly search: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, search: '' } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
