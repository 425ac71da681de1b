import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What a raw object may become, unpacked. */
const mostBytes = 256 * 1024 * 1024;

/** Between the tokens of JSON a line break is a blank, and within a text there is none: a line stays one. */
export const packLines = (lines: readonly string[]): Uint8Array =>
  zstdCompressSync(lines.map((line) => line.replaceAll(/[\r\n]/g, ' ')).join('\n'));

/** The lines of a raw object. One that cannot be unpacked is a line that breaks every contract, so that it is set aside and holds nothing up. */
export function unpackLines(key: string, bytes: Uint8Array): string[] {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: mostBytes }).toString('utf8').split('\n');
  } catch {
    return [JSON.stringify({ code: 'UNREADABLE', key })];
  }
}
