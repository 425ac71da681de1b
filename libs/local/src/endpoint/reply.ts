import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '../kernel/aws-error.ts';
import type { JsonService, RestReply, RestService } from '../kernel/call.ts';
import { LostReply } from './guard.ts';
import { shapeAndQueryCode } from './query-compatible.ts';

/** Writes an answer. */
export type Answer = (response: ServerResponse) => void;

export function answerJson(service: JsonService, result: object): Answer {
  return (response) => write(response, 200, jsonHeaders(service), JSON.stringify(result), service.signingName === 'dynamodb');
}

export function answerRest({ status, headers, body }: RestReply): Answer {
  return (response) => write(response, status, { ...headers }, body ?? '', false);
}

export function answerPlain(response: ServerResponse, status: number, message: string): void {
  write(response, status, { 'content-type': 'application/json' }, JSON.stringify({ message }), false);
}

/** Says what went wrong in the service's own protocol. Of what nobody expected it says nothing: that is for the terminal. */
export function answerError(error: unknown, service?: JsonService | RestService): Answer {
  if (error instanceof LostReply) return (response) => response.destroy();
  const known = knownError(error);
  if (service?.protocol === 'rest') {
    const body = JSON.stringify({ message: known.message, Message: known.message, ...known.members });
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': known.code };
    return (response) => write(response, known.status, headers, body, false);
  }
  const headers = jsonHeaders(service);
  const { shape, queryCode } = shapeAndQueryCode(service?.signingName, known.code);
  if (queryCode !== undefined) headers['x-amzn-query-error'] = `${queryCode};${known.status < 500 ? 'Sender' : 'Receiver'}`;
  // Smithy's SDKs read the name after the '#'; services differ in whether they write a namespace before it.
  const body = JSON.stringify({ __type: shape, message: known.message, ...known.members });
  return (response) => write(response, known.status, headers, body, service?.signingName === 'dynamodb');
}

/** What may be said of an error: what nobody expected is for the terminal. */
export function knownError(error: unknown): AwsError {
  return error instanceof AwsError ? error : INTERNAL;
}

function jsonHeaders(service: JsonService | undefined): Record<string, string> {
  return { 'content-type': `application/x-amz-json-${service?.jsonVersion ?? '1.1'}` };
}

const INTERNAL = new AwsError('InternalFailure', 'The laptop cloud failed at this call; its terminal says more.', 500);

/** DynamoDB's clients in some languages check the sum. */
function write(response: ServerResponse, status: number, headers: Record<string, string>, body: string | Buffer, sum: boolean): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  headers['x-amzn-requestid'] = randomUUID();
  if (sum) headers['x-amz-crc32'] = String(crc32(bytes));
  if (status !== 204 && status !== 304) headers['content-length'] = String(bytes.length);
  response.writeHead(status, headers);
  response.end(bytes);
}
