import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerSink } from '../lambda/answer-sink.ts';
import { functionAnswer, gatewayAnswer, sendAnswer } from './answer.ts';

/** A sink that is the answer to an HTTP client. */
export interface StreamedAnswer extends AnswerSink {
  /** After the last piece: `payload` is what a handler returned that does not stream, and is sent as it stands. */
  end(payload: string): void;
  /** The function has failed: a 502 while nothing was sent, and after that the connection ends, so that no client takes a part for the whole. */
  fail(): void;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
const LONGEST = 200 * 1024 * 1024;
const LONGEST_PRELUDE = 64 * 1024;
const DELIMITER = Buffer.alloc(8);

/**
 * Writes what a function streams, at the pace of the client. When the client goes away the function runs on, as on AWS, and what it writes is thrown away.
 *
 * @param decorate adds the headers that are the gateway's, such as those of CORS
 * @param explain told what was wrong with an answer
 */
export function streamAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  decorate: (headers: Record<string, string | string[]>) => Record<string, string | string[]>,
  explain: (problem: string) => void,
): StreamedAnswer {
  let size = 0;
  let head: Buffer = Buffer.alloc(0);
  let over = false;
  let draining: Promise<void> | undefined;

  const begin = (status: number, headers: Record<string, string | string[]>): void => {
    response.writeHead(status, decorate(headers));
    response.flushHeaders();
  };

  const fail = (): void => {
    over = true;
    if (response.headersSent) response.destroy();
    else if (!response.destroyed)
      sendAnswer(request, response, gatewayAnswer(502, 'Internal Server Error', decorate({}) as Record<string, string>));
  };

  /** One wait for all pieces that are under way. A client that goes away holds nobody back. */
  const drained = (): Promise<void> =>
    (draining ??= new Promise((resolve) => {
      const done = (): void => {
        response.off('drain', done).off('close', done);
        draining = undefined;
        resolve();
      };
      response.on('drain', done).on('close', done);
    }));

  /** Reads what `HttpResponseStream.from` has put before the body. @returns the beginning of the body, once it is there. */
  const readHead = (piece: Uint8Array): Uint8Array | undefined => {
    head = Buffer.concat([head, piece]);
    const at = head.indexOf(DELIMITER);
    const prelude = at === -1 ? undefined : readPrelude(head.subarray(0, at).toString('utf8'));
    if (prelude) begin(prelude.status, prelude.headers);
    else if (at !== -1 || head.length > LONGEST_PRELUDE) {
      explain('what HttpResponseStream.from was given is malformed, or too long');
      fail();
    }
    return prelude && head.subarray(at + DELIMITER.length);
  };

  return {
    async take(piece, contentType) {
      if (over || response.destroyed) return;
      size += piece.length;
      if (size > LONGEST) {
        explain(`a streamed answer ends at ${LONGEST / 1024 / 1024} MB`);
        return fail();
      }
      let body: Uint8Array | undefined = piece;
      if (!response.headersSent) {
        if (contentType === 'application/vnd.awslambda.http-integration-response') body = readHead(piece);
        else begin(200, { 'content-type': contentType });
      }
      if (body === undefined || body.length === 0 || request.method === 'HEAD') return;
      if (!response.write(body)) await drained();
    },
    end(payload) {
      if (over || response.destroyed) return;
      if (!response.headersSent && head.length > 0) return fail();
      if (!response.headersSent) begin(200, { 'content-type': payload === '' ? 'application/octet-stream' : 'application/json' });
      response.end(request.method === 'HEAD' ? '' : payload);
    },
    fail,
  };
}

function readPrelude(text: string): { status: number; headers: Record<string, string | string[]> } | undefined {
  try {
    const said = { statusCode: 200, ...(JSON.parse(text) as object), body: '' };
    return functionAnswer(JSON.stringify(said), '2.0', 'application/octet-stream');
  } catch {
    return undefined;
  }
}
