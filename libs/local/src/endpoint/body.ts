import type { IncomingMessage } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';

/**
 * Reads a whole request.
 *
 * @param limit in bytes.
 * @returns `aborted` when the client went away first.
 * @throws {AwsError} `RequestEntityTooLargeException` (413); the rest of the request is thrown away unread.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'aborted'> {
  return new Promise((resolve, reject) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limit) return reject(tooLarge(request, limit));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        reject(tooLarge(request, limit));
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('close', () => resolve('aborted'));
    request.on('error', () => resolve('aborted'));
  });
}

function tooLarge(request: IncomingMessage, limit: number): AwsError {
  request.resume();
  return new AwsError('RequestEntityTooLargeException', `The request is larger than ${limit} bytes.`, 413);
}
