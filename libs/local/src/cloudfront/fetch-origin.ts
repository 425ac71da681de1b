import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import type { Kernel } from '../kernel/kernel.ts';
import type { ObjectsPort } from '../kernel/ports.ts';
import type { Distribution, Origin } from './model.ts';
import { ORIGIN_ACCESS_HEADER, type OriginAccess } from './origin-access.ts';

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | string[]>>;

export interface OriginRequest {
  readonly method: string;
  /** With the query, without the origin's path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | undefined;
}

export interface OriginReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** An origin that cannot be reached, or does not answer in time. */
export class OriginFailure extends Error {
  readonly status: 502 | 504;

  constructor(status: 502 | 504, message: string) {
    super(message);
    this.status = status;
  }
}

export interface OriginFetch {
  /** @throws {OriginFailure} */
  fetch(distribution: Distribution, origin: Origin, request: OriginRequest): Promise<OriginReply>;
  close(): void;
}

/** Connections to origins: those of this cloud over the gateway, buckets through their port, the others over the network. */
export function createOriginFetch(kernel: Kernel, originAccess: OriginAccess, objects: ObjectsPort | undefined): OriginFetch {
  const http = new HttpAgent({ keepAlive: true, maxSockets: 256 });
  const https = new HttpsAgent({ keepAlive: true, maxSockets: 256 });

  const overHttp = ({ origin, arn }: { origin: Origin; arn: string }, request: OriginRequest): Promise<OriginReply> => {
    const { target } = origin;
    if (target.kind === 'bucket') throw new Error('A bucket is asked through its port.');
    const gateway = new URL(kernel.gatewayUrl);
    const headers: Record<string, string> = { ...request.headers, ...origin.customHeaders };
    if (target.kind === 'gateway') headers['host'] = `${target.host}:${gateway.port}`;
    else headers['host'] ??= origin.domainName;
    if (target.kind === 'gateway' && target.host.endsWith('.lambda-url.localhost') && origin.signs())
      headers[ORIGIN_ACCESS_HEADER] = originAccess.proofFor(arn);
    const options = {
      host: target.kind === 'gateway' ? '127.0.0.1' : target.host,
      port: target.kind === 'gateway' ? gateway.port : target.port,
      method: request.method,
      path: `${target.kind === 'gateway' ? target.prefix : ''}${origin.path}${request.path}`,
      headers,
      timeout: origin.timeoutMs,
    };
    return new Promise((resolve, reject) => {
      const onReply = (reply: IncomingMessage): void => {
        // Whoever reads it is told.
        reply.on('error', () => {});
        resolve({ status: reply.statusCode ?? 502, headers: reply.headers as Record<string, string | string[]>, body: reply });
      };
      const secure = target.kind === 'web' && target.protocol === 'https:';
      const sent: ClientRequest = secure
        ? requestHttps({ ...options, agent: https }, onReply)
        : requestHttp({ ...options, agent: http }, onReply);
      sent.on('timeout', () =>
        sent.destroy(new OriginFailure(504, `${origin.domainName} did not answer within ${origin.timeoutMs / 1000} s`)),
      );
      sent.on('error', (error) =>
        reject(error instanceof OriginFailure ? error : new OriginFailure(502, `${origin.domainName}: ${error.message}`)),
      );
      if (request.body === undefined) sent.end();
      else {
        request.body.on('error', () => sent.destroy());
        request.body.on('close', () => request.body?.readableEnded || sent.destroy(new Error('the viewer went away')));
        request.body.pipe(sent);
      }
    });
  };

  const fromBucket = async (distribution: Distribution, origin: Origin, bucket: string, request: OriginRequest): Promise<OriginReply> => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') return short(405, 'A distribution reads from a bucket here, and does not write.');
    if (!objects) throw new OriginFailure(502, `${origin.domainName} is a bucket, and S3 does not run here`);
    const path = `${origin.path}${request.path.split('?', 1)[0] ?? ''}`;
    const principal = origin.signs() ? { service: 'cloudfront.amazonaws.com', sourceArn: distribution.arn } : undefined;
    return objects.get({ bucket, key: decode(path.slice(1)), method, headers, principal }).catch((error: unknown) => {
      throw new OriginFailure(502, `${origin.domainName}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };

  return {
    async fetch(distribution, origin, request) {
      const { target } = origin;
      if (target.kind === 'bucket') return fromBucket(distribution, origin, target.bucket, request);
      // API Gateway and Lambda know themselves by their own names only.
      if (target.kind === 'gateway' && request.headers['host'] !== undefined) return short(403, JSON.stringify({ message: 'Forbidden' }));
      return overHttp({ origin, arn: distribution.arn }, request);
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

function short(status: number, message: string): OriginReply {
  return { status, headers: { 'content-type': 'application/json' }, body: Readable.from([Buffer.from(message)]) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
