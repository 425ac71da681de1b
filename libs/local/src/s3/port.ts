import { Readable } from 'node:stream';
import { AwsError } from '../kernel/aws-error.ts';
import type { ObjectsPort } from '../kernel/ports.ts';
import { accessOf } from './access.ts';
import type { Source } from './bodies.ts';
import { readableObject, readObject } from './object-operations.ts';
import type { Parts } from './parts.ts';
import { toErrorXml } from './xml.ts';

/** Objects for other engines. */
export function objectsPort(parts: Parts): ObjectsPort {
  return {
    async get({ bucket, key, method, headers, principal }) {
      const asker = principal ? ({ kind: 'service', principal } as const) : ({ kind: 'anonymous' } as const);
      const access = accessOf(parts, asker);
      try {
        const found = parts.buckets.get(bucket);
        const object = readableObject(parts, { bucket: () => found, key, access });
        const reply = readObject(parts, object, { headers, query: new URLSearchParams() }, method);
        const { status, body } = reply;
        return {
          status,
          headers: { ...reply.headers },
          body: body === undefined || isBytes(body) ? Readable.from(body ? [body] : []) : toReadable(body),
        };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const document = Buffer.from(toErrorXml(error, { resource: `/${bucket}/${key}`, id: '' }));
        const range: Record<string, string> =
          error.status === 416 ? { 'content-range': `bytes */${String(error.members['ActualObjectSize'])}` } : {};
        const about = { 'content-type': 'application/xml', 'content-length': String(document.length), ...range };
        return { status: error.status, headers: about, body: Readable.from(method === 'HEAD' ? [] : [document]) };
      }
    },
  };
}

function isBytes(body: string | Buffer | Source): body is string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body);
}

/** Files are let go when the stream ends, however it ends. */
function toReadable(source: Source): Readable {
  return Readable.from(source.chunks).once('close', () => source.close());
}
