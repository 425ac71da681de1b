/** Takes what a handler streams, piece by piece and in order. */
export interface AnswerSink {
  /**
   * A thread goes on to send when earlier pieces have been taken: a promise that is still open holds it back. Never throws.
   *
   * @param contentType as the handler set it, or `application/octet-stream`
   */
  take(piece: Uint8Array, contentType: string): void | Promise<void>;
}

/** The largest answer of a caller that waits for all of it. */
export const ANSWER_BYTES = 6 * 1024 * 1024;

/** Keeps a streamed answer for a caller that wants it whole; of one that is too large, no more than is needed to say so. */
export function collectAnswer(): AnswerSink & { bytes(): Buffer | undefined } {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    take(piece) {
      if (size <= ANSWER_BYTES) pieces.push(piece);
      size += piece.length;
    },
    bytes: () => (pieces.length === 0 ? undefined : Buffer.concat(pieces)),
  };
}
