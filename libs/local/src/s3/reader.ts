/** Reads a stream of bytes piece by piece; what is not asked for stays. */
export interface Reader {
  /** The bytes before a marker, which is taken as well; undefined when the end or the limit comes first. */
  until(marker: Buffer, limit: number): Promise<Buffer | undefined>;
  /** So many bytes, as they come. @throws {Error} when there are fewer. */
  take(count: number): AsyncGenerator<Buffer>;
  /** The bytes before a marker, as they come; the marker is taken as well. @throws {Error} when it does not come. */
  before(marker: Buffer): AsyncGenerator<Buffer>;
}

/** The stream ended before what was announced. */
export class EndedEarly extends Error {}

export function createReader(source: AsyncIterable<Buffer>): Reader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  const cut = (count: number): Buffer => {
    const piece = held.subarray(0, count);
    held = held.subarray(count);
    return piece;
  };

  return {
    async until(marker, limit) {
      for (;;) {
        const found = held.indexOf(marker);
        if (found > limit || (found === -1 && held.length > limit + marker.length)) return undefined;
        if (found !== -1) {
          const piece = cut(found);
          cut(marker.length);
          return piece;
        }
        if (!(await more())) return undefined;
      }
    },

    async *take(count) {
      for (let left = count; left > 0;) {
        if (held.length === 0 && !(await more())) throw new EndedEarly();
        const piece = cut(left);
        left -= piece.length;
        if (piece.length > 0) yield piece;
      }
    },

    async *before(marker) {
      for (;;) {
        const found = held.indexOf(marker);
        // The marker may have begun in what is held.
        const certain = found === -1 ? held.length - marker.length + 1 : found;
        if (certain > 0) yield cut(certain);
        if (found !== -1) return void cut(marker.length);
        if (!(await more())) throw new EndedEarly();
      }
    },
  };
}
