import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { credentialScope } from '../endpoint/credential-scope.ts';
import { LostReply } from '../endpoint/guard.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { CallGuard, StreamService } from '../kernel/call.ts';
import { accessOf, type Asker } from './access.ts';
import { bucketOperations } from './bucket-operations.ts';
import { copyOperations } from './copy-operations.ts';
import { corsHeaders, type CorsQuestion } from './cors.ts';
import { accessDenied } from './errors.ts';
import { objectOperations } from './object-operations.ts';
import { operationOf } from './operation.ts';
import type { Operation, Parts, S3Call, S3Reply } from './parts.ts';
import { postObject } from './post-object.ts';
import { addressOf, type S3Request, toRequest } from './request.ts';
import { uploadOperations } from './upload-operations.ts';
import { toErrorXml } from './xml.ts';

/** S3 over its REST protocol. */
export function s3Service(parts: Parts): StreamService {
  const { kernel, buckets, iam, signatures } = parts;
  const operations: Readonly<Record<string, Operation>> = {
    ...bucketOperations(parts),
    ...objectOperations(parts),
    ...copyOperations(parts),
    ...uploadOperations(parts),
    PostObject: postObject(parts),
  };

  /** Who signed a request: in its header, or in its address, which somebody else may have been given. */
  const askerOf = (request: S3Request): Asker => {
    const { headers, search, query } = request;
    if (query.has('AWSAccessKeyId')) {
      // Signature version 2, which regions since 2014 do not take. Older AWS CLIs presign with it unless `s3.signature_version` is `s3v4`.
      throw new AwsError('InvalidRequest', 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.');
    }
    const presigned = headers['authorization'] === undefined && query.has('X-Amz-Signature');
    const key = presigned ? signatures.presigned(request) : credentialScope(headers['authorization'], `?${search}`)?.accessKeyId;
    if (key === undefined) return { kind: 'anonymous' };
    return iam.callerOf(key) ?? { kind: 'root', arn: `arn:aws:iam::${kernel.accountId}:root` };
  };

  const answer = async (request: S3Request, guard: CallGuard): Promise<S3Reply> => {
    const operation = operationOf(request);
    const owner = request.headers['x-amz-expected-bucket-owner'];
    if (owner !== undefined && owner !== kernel.accountId) throw accessDenied();
    const asker = askerOf(request);
    const make = (bucket: string | undefined, key: string): Promise<S3Reply> => {
      const call: S3Call = {
        request: { ...request, bucket, key },
        asker,
        access: accessOf(parts, asker, guard),
        guard,
        key,
        bucket: () => buckets.get(bucket ?? ''),
      };
      return Promise.resolve(operations[operation]!(call));
    };
    // What a function has signed and handed on is no call of that function.
    if (asker.kind !== 'function' || request.headers['authorization'] === undefined) return make(request.bucket, request.key);
    const input = { Bucket: request.bucket, Key: request.key };
    const facts = { caller: asker, region: kernel.region, traceHeader: request.headers['x-amzn-trace-id'] };
    return guard.run(
      { service: 's3', operation, input, ...facts },
      (changed) => make(changed['Bucket'] === undefined ? undefined : String(changed['Bucket']), String(changed['Key'] ?? '')),
      () => {
        throw new Error('The answers of S3 are streams: a fault may replace what is asked for, and not the answer.');
      },
    );
  };

  const serve = async (request: S3Request, guard: CallGuard): Promise<S3Reply> => {
    const bucket = buckets.find(request.bucket ?? '');
    const question = questionOf(request);
    if (request.method === 'OPTIONS') {
      const allowed = question && bucket && corsHeaders(bucket, question, true);
      if (!allowed) throw accessDenied('CORSResponse: This CORS request is not allowed. The CorsConfiguration of the bucket decides.');
      return { status: 200, headers: allowed };
    }
    const reply = await answer(request, guard);
    return { ...reply, headers: { ...(question && bucket && corsHeaders(bucket, question, false)), ...reply.headers } };
  };

  return {
    protocol: 'stream',
    signingName: 's3',
    claims(incoming) {
      try {
        const { bucket } = addressOf(incoming);
        return bucket !== undefined && buckets.find(bucket) !== undefined;
      } catch {
        return false;
      }
    },
    async serve(incoming, response, guard) {
      const bytes = incoming.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
      let request: S3Request | undefined;
      try {
        request = toRequest(incoming, bytes);
        await send(response, request, await serve(request, guard));
      } catch (error) {
        if (error instanceof LostReply) throw error;
        guard.report(error, `s3 ${incoming.method} ${incoming.url}`);
        if (response.headersSent) return void response.destroy();
        await send(response, request, toReply(error, incoming, request));
      } finally {
        // What was not read is thrown away, so that the client hears the answer.
        await bytes.return?.();
        incoming.resume();
      }
    },
  };

  function toReply(error: unknown, { method, url = '/' }: IncomingMessage, request: S3Request | undefined): S3Reply {
    const known = error instanceof AwsError ? error : INTERNAL;
    const { status, message, members } = known;
    const named = new AwsError(known.code.replace('AccessDeniedException', 'AccessDenied'), message, status, members);
    const bucket = buckets.find(request?.bucket ?? '');
    const question = request && questionOf(request);
    const headers = { 'content-type': 'application/xml', ...(bucket && question && corsHeaders(bucket, question, false)) };
    // The answer to HEAD has no body, and its status alone says what was wrong.
    const body = method === 'HEAD' ? undefined : toErrorXml(named, { resource: url.split('?')[0] ?? '', id: request?.id ?? '' });
    return {
      status,
      headers: status === 416 ? { ...headers, 'content-range': `bytes */${String(members['ActualObjectSize'])}` } : headers,
      body,
    };
  }
}

const INTERNAL = new AwsError('InternalError', 'We encountered an internal error. The terminal of the laptop cloud says more.', 500);

/** What a page asks, which its browser tells by `Origin`. */
function questionOf({ method, headers }: S3Request): CorsQuestion | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return method === 'OPTIONS'
    ? { origin, method: headers['access-control-request-method'] ?? '', headers: asked }
    : { origin, method, headers: [] };
}

async function send(response: ServerResponse, request: S3Request | undefined, { status, headers, body }: S3Reply): Promise<void> {
  const isText = typeof body === 'string';
  const known = {
    'x-amz-request-id': request?.id ?? '',
    'x-amz-id-2': request?.id ?? '',
    ...(isText && { 'content-type': 'application/xml' }),
    ...headers,
  };
  const source = body === undefined || isText || Buffer.isBuffer(body) ? undefined : body;
  if (response.destroyed) return source?.close();
  if (!source) {
    const bytes = isText ? Buffer.from(body) : Buffer.isBuffer(body) ? body : undefined;
    const length = bytes && !('content-length' in known) ? { 'content-length': String(bytes.length) } : {};
    // Without a body only HEAD says how long it would be.
    const none = bytes === undefined && status !== 304 && status !== 204 && !('content-length' in known) ? { 'content-length': '0' } : {};
    response.writeHead(status, { ...known, ...length, ...none });
    response.end(bytes);
    return;
  }
  try {
    response.writeHead(status, known);
    await pipeline(source.chunks, response);
  } catch (error) {
    // A client that leaves in the middle is no error.
    if (!response.destroyed || !isGone(error)) throw error;
  } finally {
    source.close();
  }
}

function isGone(error: unknown): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String((error as NodeJS.ErrnoException).code));
}
