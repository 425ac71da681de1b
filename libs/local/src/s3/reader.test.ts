import { Readable } from 'node:stream';
import fc from 'fast-check';
import { createReader, EndedEarly } from './reader.ts';

const marker = Buffer.from('\r\n--b');

/** The bytes in pieces of these lengths, again and again. */
async function* inPieces(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const length = lengths[index % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
const all = async (pieces: AsyncIterable<Buffer>): Promise<Buffer> => Buffer.concat((await Readable.from(pieces).toArray()) as Buffer[]);

/** Much of what looks like the marker and is not. */
const content = fc
  .array(fc.constantFrom('\r', '\n', '-', 'b', '\r\n-', '\r\n--', 'x'), { maxLength: 60 })
  .map((parts) => Buffer.from(parts.join('')));
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('what stands before a marker comes whole, wherever the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(content, content, lengths, async (before, after, cuts) => {
      const end = Buffer.concat([before, marker, after]).indexOf(marker);
      const whole = Buffer.concat([before, marker, after]);
      const streamed = createReader(inPieces(whole, cuts));
      expect(await all(streamed.before(marker))).toEqual(whole.subarray(0, end));
      const rest = whole.length - end - marker.length;
      expect(await all(streamed.take(rest))).toEqual(whole.subarray(end + marker.length));
      const held = createReader(inPieces(whole, cuts));
      expect(await held.until(marker, 1000)).toEqual(whole.subarray(0, end));
    }),
  );
});

test('a stream that ends before what was announced is an error, and nothing to look for', async () => {
  const bytes = Buffer.from('12345');
  const reader = () => createReader(inPieces(bytes, [2]));
  await expect(all(reader().before(marker))).rejects.toThrow(EndedEarly);
  await expect(all(reader().take(6))).rejects.toThrow(EndedEarly);
  expect(await reader().until(marker, 1000)).toBeUndefined();
});

test('a search gives up at its limit, without reading on', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      given += 1;
      yield Buffer.alloc(10, 'x');
    }
  }
  expect(await createReader(endless()).until(marker, 100)).toBeUndefined();
  expect(given).toBeLessThan(13);
});
