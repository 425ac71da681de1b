import { FrameError, linesOf } from '@larder/streaming/frame';

/** The events of a record as they came; a record that cannot be unpacked is a line that breaks every contract, with its bytes. */
export function toLines(record: Uint8Array): string[] {
  try {
    return linesOf(record);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return [JSON.stringify({ code: error.code, base64: Buffer.from(record).toString('base64') })];
  }
}
