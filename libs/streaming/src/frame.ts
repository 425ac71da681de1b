import { constants, crc32, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How the lines of a frame are packed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/**
 * A frame: many events in one record, since Kinesis charges and limits by the record. Sixteen bytes of header, then the events as lines of JSON, compressed:
 *
 * | bytes | what |
 * | --- | --- |
 * | 0–2 | `LRF` |
 * | 3 | version 1 in the upper four bits, compression in the lower |
 * | 4–7 | number of lines |
 * | 8–11 | bytes of the lines before they were compressed |
 * | 12–15 | CRC-32 of everything after the header |
 *
 * Numbers are big-endian. Nothing in a frame says which shard it belongs to: whoever reads it takes all of it, however the stream was split since it was made.
 */
const magic = 0x4c_52_46_10;
const headerBytes = 16;
const compressions: readonly Compression[] = ['none', 'gzip', 'zstd'];

/** What a frame may become, unpacked. What claims more is broken, or meant to do harm. */
const mostBytes = 64 * 1024 * 1024;

export type FrameErrorCode = 'NO_FRAME' | 'UNKNOWN_VERSION' | 'CUT_OFF' | 'WRONG_CHECKSUM' | 'TOO_LARGE' | 'WRONG_COUNT';

/** Why bytes are no frame. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @param lines events as JSON, without line breaks. */
export function packFrame(lines: readonly string[], compression: Compression = 'zstd'): Uint8Array {
  const text = Buffer.from(lines.join('\n'), 'utf8');
  const body = compress(text, compression);
  const frame = Buffer.allocUnsafe(headerBytes + body.byteLength);
  frame.writeUInt32BE((magic | compressions.indexOf(compression)) >>> 0, 0);
  frame.writeUInt32BE(lines.length, 4);
  frame.writeUInt32BE(text.byteLength, 8);
  frame.writeUInt32BE(crc32(body), 12);
  frame.set(body, headerBytes);
  return frame;
}

/** Whether bytes begin as a frame does. */
export function isFrame(bytes: Uint8Array): boolean {
  return bytes.byteLength >= headerBytes && bytes[0] === 0x4c && bytes[1] === 0x52 && bytes[2] === 0x46;
}

/** The events of a record: the lines of a frame, or the record itself where it is none. @throws {FrameError} */
export function linesOf(bytes: Uint8Array): string[] {
  return isFrame(bytes) ? unpackFrame(bytes) : [Buffer.from(bytes).toString('utf8')];
}

/** The lines of a frame. @throws {FrameError} */
export function unpackFrame(bytes: Uint8Array): string[] {
  if (!isFrame(bytes)) throw new FrameError('NO_FRAME', 'The record is no frame');
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [kind, count, size, checksum] = [frame.readUInt32BE(0), frame.readUInt32BE(4), frame.readUInt32BE(8), frame.readUInt32BE(12)];
  const compression = compressions[kind & 0xf];
  if ((kind & 0xff_ff_ff_f0) >>> 0 !== magic || compression === undefined)
    throw new FrameError('UNKNOWN_VERSION', 'The frame is of a version that is not known here');
  if (size > mostBytes) throw new FrameError('TOO_LARGE', `The frame would unpack to ${size} bytes`);
  const body = frame.subarray(headerBytes);
  if (crc32(body) !== checksum) throw new FrameError('WRONG_CHECKSUM', 'The frame is damaged');
  const text = decompress(body, compression, size);
  if (text.byteLength !== size) throw new FrameError('CUT_OFF', 'The frame has another number of bytes than it says');
  const lines = count === 0 ? [] : text.toString('utf8').split('\n');
  if (lines.length !== count) throw new FrameError('WRONG_COUNT', 'The frame has another number of lines than it says');
  return lines;
}

function compress(text: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return text;
  if (compression === 'gzip') return gzipSync(text, { level: 1 });
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

function decompress(body: Buffer, compression: Compression, size: number): Buffer {
  try {
    const maxOutputLength = Math.max(1, size);
    if (compression === 'gzip') return gunzipSync(body, { maxOutputLength });
    return compression === 'zstd' ? zstdDecompressSync(body, { maxOutputLength }) : body;
  } catch (cause) {
    throw new FrameError('CUT_OFF', 'The frame cannot be unpacked to what it says', { cause });
  }
}
