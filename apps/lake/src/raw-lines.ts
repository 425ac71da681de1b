import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What a raw object may become, unpacked. */
const mostBytes = 256 * 1024 * 1024;

export const packLines = (lines: readonly string[]): Uint8Array => zstdCompressSync(lines.join('\n'));

/** The lines of a raw object. One that cannot be unpacked is a line that breaks every contract, so that it is set aside and holds nothing up. */
export function unpackLines(key: string, bytes: Uint8Array): string[] {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: mostBytes }).toString('utf8').split('\n');
  } catch {
    return [JSON.stringify({ code: 'UNREADABLE', key })];
  }
}
