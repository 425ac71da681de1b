import { type Compression, FrameError, isFrame, packFrame, unpackFrame } from './frame.ts';

const lines = Array.from({ length: 200 }, (_, at) => JSON.stringify({ id: `e-${at}`, type: 'page.viewed', name: 'Käse & Brot' }));

describe('a frame', () => {
  it.each<Compression>(['none', 'gzip', 'zstd'])('gives the lines that were packed: %s', (compression) => {
    expect(unpackFrame(packFrame(lines, compression))).toEqual(lines);
    expect(unpackFrame(packFrame([], compression))).toEqual([]);
    expect(unpackFrame(packFrame([''], compression))).toEqual(['']);
  });

  it('has a fraction of the bytes', () => {
    expect(packFrame(lines).byteLength * 4).toBeLessThan(lines.join('\n').length);
  });

  it('is recognised by how it begins', () => {
    expect([isFrame(packFrame(['a'])), isFrame(Buffer.from('{"id":1}')), isFrame(Buffer.from('LRF'))]).toEqual([true, false, false]);
  });

  it('is refused when any byte of it is another, or the end is missing', () => {
    const frame = packFrame(lines.slice(0, 5));
    const refused: string[] = [];
    for (let at = 0; at < frame.byteLength; at += 1) {
      for (const damaged of [frame.with(at, (frame[at] ?? 0) ^ 0xff), frame.subarray(0, at)]) {
        expect(() => unpackFrame(damaged)).toThrow(FrameError);
        try {
          unpackFrame(damaged);
        } catch (error) {
          refused.push((error as FrameError).code);
        }
      }
    }
    expect(new Set(refused)).toEqual(new Set(['NO_FRAME', 'UNKNOWN_VERSION', 'TOO_LARGE', 'WRONG_CHECKSUM', 'CUT_OFF', 'WRONG_COUNT']));
  });

  it('unpacks to no more than it says, and it may not say everything', () => {
    const bomb = Buffer.from(packFrame(['a'.repeat(5_000_000)], 'gzip'));
    bomb.writeUInt32BE(10, 8);
    expect(() => unpackFrame(bomb)).toThrow(expect.objectContaining({ code: 'CUT_OFF' }));
    bomb.writeUInt32BE(2 ** 32 - 1, 8);
    expect(() => unpackFrame(bomb)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });
});
