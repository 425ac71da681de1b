import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Bodies, Draft } from './bodies.ts';
import { type Algorithm, announcedChecksum, type Checksum, checksumHeader, digestOf } from './checksum.ts';
import { createReader, EndedEarly } from './reader.ts';
import type { S3Request } from './request.ts';

/** A content that was received whole and is what its sender said it would be. */
export interface Payload {
  readonly draft: Draft;
  readonly md5: Buffer;
  readonly checksum: Checksum | undefined;
}

/** The largest object of one request, and the largest part: 5 GB. */
export const LARGEST_PUT = 5 * 1024 ** 3;

/**
 * Receives the content of a request and holds it against everything that the request says of it.
 *
 * @param algorithm computed although the request names none.
 * @throws {AwsError} `BadDigest`, `XAmzContentSHA256Mismatch`, `IncompleteBody`, `EntityTooLarge`; nothing is kept then.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export async function receivePayload(bodies: Bodies, request: S3Request, algorithm?: Algorithm): Promise<Payload> {
  const { headers } = request;
  const length = lengthOf(headers);
  if (length > LARGEST_PUT)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, { MaxSizeAllowed: LARGEST_PUT });
  const announced = announcedChecksum(headers) ?? (algorithm && { algorithm });
  const trailers: Record<string, string> = {};
  const source = isChunked(headers) ? dechunk(request.bytes, trailers) : request.bytes;
  const sha256 = headers['x-amz-content-sha256'];
  const hash = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? createHash('sha256') : undefined;
  const { draft, md5, sum } = await receive(bodies, source, LARGEST_PUT, announced?.algorithm, (chunk) => void hash?.update(chunk));
  try {
    if (draft.size !== length) throw incomplete();
    const wantedMd5 = headers['content-md5'];
    if (wantedMd5 !== undefined && wantedMd5 !== md5.toString('base64')) throw badDigest('Content-MD5');
    if (hash && hash.digest('hex') !== sha256) {
      throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    if (!announced || !sum) return { draft, md5, checksum: undefined };
    const value = sum.toString('base64');
    const wanted = 'value' in announced ? announced.value : trailers[checksumHeader(announced.algorithm)];
    if (wanted !== undefined && wanted !== value) throw badDigest(announced.algorithm);
    if (wanted === undefined && headers['x-amz-trailer'] !== undefined) throw incomplete();
    return { draft, md5, checksum: { algorithm: announced.algorithm, value, type: 'FULL_OBJECT' } };
  } catch (error) {
    await bodies.discard(draft);
    throw error;
  }
}

/** Receives bytes, with their MD5, and a checksum if one is asked for. */
export async function receive(
  bodies: Bodies,
  source: AsyncIterable<Buffer>,
  limit: number,
  algorithm: Algorithm | undefined,
  each: (chunk: Buffer) => void = () => {},
): Promise<{ readonly draft: Draft; readonly md5: Buffer; readonly sum: Buffer | undefined }> {
  const md5 = createHash('md5');
  const digest = algorithm && digestOf(algorithm);
  try {
    const draft = await bodies.receive(source, limit, (chunk) => {
      md5.update(chunk);
      digest?.update(chunk);
      each(chunk);
    });
    return { draft, md5: md5.digest(), sum: await digest?.finish() };
  } catch (error) {
    throw error instanceof EndedEarly || isAborted(error) ? incomplete() : error;
  }
}

/** Reads a document. @throws {AwsError} `MaxMessageLengthExceeded`, and `BadDigest` for another document than the one that was meant. */
export async function readText({ bytes, headers }: S3Request, limit = 4 * 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit) throw new AwsError('MaxMessageLengthExceeded', 'Your request was too large.');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) throw badDigest('Content-MD5');
  const announced = announcedChecksum(headers);
  if (announced?.value !== undefined) {
    const digest = digestOf(announced.algorithm);
    digest.update(body);
    if ((await digest.finish()).toString('base64') !== announced.value) throw badDigest(announced.algorithm);
  }
  return body.toString('utf8');
}

export function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}

/** S3 wants to know the length before the content comes. @throws {AwsError} `MissingContentLength`, `NotImplemented`. */
function lengthOf(headers: S3Request['headers']): number {
  const length = headers[isChunked(headers) ? 'x-amz-decoded-content-length' : 'content-length'];
  if (length !== undefined && /^\d{1,15}$/.test(length)) return Number(length);
  if (headers['transfer-encoding'] === undefined || isChunked(headers))
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
    Header: 'Transfer-Encoding',
  });
}

function isChunked(headers: S3Request['headers']): boolean {
  return headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
}

/**
 * Takes `aws-chunked` apart: `<size in hex>[;chunk-signature=…]`, the chunk, and after the last one the trailers. Signatures of chunks
 * are not checked, as those of requests are not: whoever is on this machine may call.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
async function* dechunk(bytes: AsyncIterable<Buffer>, trailers: Record<string, string>): AsyncGenerator<Buffer> {
  const reader = createReader(bytes);
  for (;;) {
    const line = await reader.until(CRLF, 1024);
    const size = /^([0-9a-fA-F]{1,10})(?:;|$)/.exec(line?.toString('latin1') ?? '')?.[1];
    if (size === undefined) throw new EndedEarly();
    if (Number.parseInt(size, 16) === 0) break;
    yield* reader.take(Number.parseInt(size, 16));
    if ((await reader.until(CRLF, 0)) === undefined) throw new EndedEarly();
  }
  for (let count = 0; count < 10; count += 1) {
    const line = (await reader.until(CRLF, 4096))?.toString('latin1');
    if (line === undefined || line === '') return;
    const colon = line.indexOf(':');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

const CRLF = Buffer.from('\r\n');

function badDigest(which: string): AwsError {
  return new AwsError('BadDigest', `The ${which} you specified did not match the calculated checksum.`);
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || error.name === 'AbortError');
}
