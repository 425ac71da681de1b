/** The part of yauzl that reads a function's archive; the package has no types of its own. */
declare module 'yauzl' {
  interface Entry {
    readonly fileName: string;
    readonly uncompressedSize: number;
  }
  interface ZipFile {
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<import('node:stream').Readable>;
  }
  export function fromBufferPromise(archive: Buffer, options?: { lazyEntries?: boolean }): Promise<ZipFile>;
}
