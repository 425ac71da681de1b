/** The thread's half of streamed answers: what `awslambda` offers, and a stream that sends no more than the cloud has taken. */
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { named } from './load-handler.ts';

export type StreamingHandler = (event: unknown, responseStream: Writable, context: object) => unknown;

/** How much may be under way between the thread and the client. */
const WINDOW_BYTES = 512 * 1024;
const PIECE_BYTES = 64 * 1024;
const DELIMITER_BYTES = 8;

/** The `responseStream` of a handler. What is not text or bytes is written as JSON, as Lambda's runtime does. */
export class ResponseStream extends Writable {
  /** Writes what stands before the first byte of the answer: set by `HttpResponseStream.from`. */
  _onBeforeFirstWrite: ((write: (head: string | Uint8Array) => void) => void) | undefined;
  readonly #send: (piece: Uint8Array<ArrayBuffer>, contentType: string) => void;
  #contentType = 'application/octet-stream';
  #begun = false;
  #room = WINDOW_BYTES;
  #whenRoom: (() => void) | undefined;

  constructor(send: (piece: Uint8Array<ArrayBuffer>, contentType: string) => void) {
    super();
    this.#send = send;
  }

  setContentType(contentType: string): void {
    if (this.#begun) throw named('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.#contentType = contentType;
  }

  /** Of these bytes nobody has to be told any more: as many may follow. */
  taken(bytes: number): void {
    this.#room += bytes;
    this.#whenRoom?.();
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    if (!this.#begun) {
      this.#begun = true;
      this._onBeforeFirstWrite?.((head) => void super.write(head));
    }
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
    return super.write(data, ...(rest as [BufferEncoding]));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#sendAll(chunk).then(() => done(), done);
  }

  async #sendAll(chunk: Buffer): Promise<void> {
    let at = 0;
    // Nothing is a piece, too: a handler begins its answer with it.
    do {
      while (this.#room <= 0) await new Promise<void>((resolve) => (this.#whenRoom = resolve));
      // Copied, because the memory of a piece changes hands.
      const piece = new Uint8Array(chunk.subarray(at, at + PIECE_BYTES));
      this.#room -= piece.length;
      this.#send(piece, this.#contentType);
      at += PIECE_BYTES;
    } while (at < chunk.length);
  }
}

/**
 * Calls a streaming handler and waits for the end of its stream, as Lambda does: one that forgets `end()` runs into its timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export async function streamAnswer(handler: StreamingHandler, event: unknown, stream: ResponseStream, context: object): Promise<void> {
  const ended = finished(stream);
  // The handler's own error says more than that its stream was destroyed.
  ended.catch(() => {});
  const result = handler(event, stream, context);
  if (!(result instanceof Promise)) throw named('Runtime.InvalidStreamingOperation', 'Streaming does not support non-async handlers.');
  await result;
  await ended;
}

/** Says status, headers and cookies before the body, in the form that function URLs read. */
export const HttpResponseStream = {
  from(stream: ResponseStream, metadata: unknown): ResponseStream {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream._onBeforeFirstWrite = (write) => {
      write(JSON.stringify(metadata));
      write(new Uint8Array(DELIMITER_BYTES));
    };
    return stream;
  },
};
