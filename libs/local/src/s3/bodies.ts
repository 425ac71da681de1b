import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';

/** Bytes that were received and belong to nobody yet. */
export interface Draft {
  readonly size: number;
  readonly data?: Buffer;
  readonly file?: string;
}

/** A body on its way to somebody: its files stay until it is closed. */
export interface Source {
  readonly chunks: AsyncIterable<Buffer>;
  close(): void;
}

/**
 * The contents of objects and parts. A body is a row of extents: small ones in the database, large ones in files that never change, so
 * that copies and completed uploads share the files of what they are made of, and a reader has what it began with.
 */
export interface Bodies {
  /**
   * Reads to the end, to disk where it is large.
   *
   * @param limit in bytes.
   * @throws {AwsError} `EntityTooLarge`.
   */
  receive(source: AsyncIterable<Buffer>, limit: number, each: (chunk: Buffer) => void): Promise<Draft>;
  /** Within a transaction. @returns the name of the body. */
  save(draft: Draft): string;
  discard(draft: Draft): Promise<void>;
  /** A new body that has the contents of others, or a part of one, without copying files. Within a transaction. */
  join(bodies: readonly string[], range?: { readonly start: number; readonly end: number }): string;
  /** Within a transaction. Files that nobody has any more go after it. */
  release(body: string): void;
  /** From `start` up to, and without, `end`. */
  open(body: string, start: number, end: number): Buffer | Source;
  close(): void;
}

/** Up to here a body is kept in the database: one write instead of a file. */
const INLINE = 64 * 1024;

interface Extent {
  readonly data: Uint8Array | null;
  readonly file: string | null;
  readonly start: number;
  readonly size: number;
}

/** @param directory of the engine's state; without one, large bodies are in a temporary folder that goes when it is closed. */
export function openBodies({ sql }: Database, directory: string | undefined): Bodies {
  const folder = directory === undefined ? mkdtempSync(join(tmpdir(), 'larder-s3-')) : join(directory, 's3');
  mkdirSync(folder, { recursive: true });
  const insert = sql.prepare('INSERT INTO extents (body, position, data, file, start, size) VALUES (?, ?, ?, ?, ?, ?)');
  const select = sql.prepare('SELECT data, file, start, size FROM extents WHERE body = ? ORDER BY position');
  const files = sql.prepare('SELECT DISTINCT file FROM extents WHERE body = ? AND file IS NOT NULL');
  const remove = sql.prepare('DELETE FROM extents WHERE body = ?');
  const used = sql.prepare('SELECT 1 FROM extents WHERE file = ? LIMIT 1');
  const readers = new Map<string, number>();
  const extentsOf = (body: string): Extent[] => select.all(body) as unknown as Extent[];

  // What a process that was killed had not yet made an object of, or not yet removed.
  for (const file of readdirSync(folder)) if (!used.get(file)) rmSync(join(folder, file), { force: true });

  const removeUnused = (file: string): void => {
    if (readers.has(file) || !sql.isOpen || used.get(file)) return;
    void rm(join(folder, file), { force: true }).catch(() => {});
  };
  const hold = (file: string, change: 1 | -1): void => {
    const count = (readers.get(file) ?? 0) + change;
    if (count > 0) readers.set(file, count);
    else readers.delete(file);
  };

  async function* read(extents: readonly Extent[]): AsyncGenerator<Buffer> {
    for (const { data, file, start, size } of extents) {
      if (data !== null) yield Buffer.from(data.buffer, data.byteOffset + start, size);
      else if (file !== null) yield* createReadStream(join(folder, file), { start, end: start + size - 1, highWaterMark: 256 * 1024 });
    }
  }

  const bodies: Bodies = {
    async receive(source, limit, each) {
      const first: Buffer[] = [];
      let size = 0;
      let file: { readonly name: string; readonly handle: Awaited<ReturnType<typeof open>> } | undefined;
      try {
        for await (const chunk of source) {
          size += chunk.length;
          if (size > limit)
            throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, { MaxSizeAllowed: limit });
          each(chunk);
          first.push(chunk);
          if (size <= INLINE) continue;
          if (!file) {
            const name = randomUUID();
            file = { name, handle: await open(join(folder, name), 'wx') };
          }
          // Unlike `write`, this goes on until all of it is written.
          for (const piece of first.splice(0)) await file.handle.writeFile(piece);
        }
      } catch (error) {
        if (file) {
          await file.handle.close();
          await bodies.discard({ size, file: file.name });
        }
        throw error;
      }
      await file?.handle.close();
      return file ? { size, file: file.name } : { size, data: Buffer.concat(first) };
    },

    save({ size, data, file }) {
      const body = randomUUID();
      if (size > 0) insert.run(body, 0, data ?? null, file ?? null, 0, size);
      return body;
    },

    async discard({ file }) {
      if (file !== undefined) await rm(join(folder, file), { force: true }).catch(() => {});
    },

    join(sources, range) {
      const body = randomUUID();
      const all = sources.flatMap(extentsOf);
      const extents = range ? slice(all, range.start, range.end) : all;
      extents.forEach(({ data, file, start, size }, position) => insert.run(body, position, data, file, start, size));
      return body;
    },

    release(body) {
      const names = files.all(body).map(({ file }) => String(file));
      remove.run(body);
      // After the transaction, which may yet be taken back.
      if (names.length > 0) queueMicrotask(() => names.forEach(removeUnused));
    },

    open(body, start, end) {
      const extents = slice(extentsOf(body), start, end);
      const [only] = extents;
      if (!only) return Buffer.alloc(0);
      if (extents.length === 1 && only.data) return Buffer.from(only.data.buffer, only.data.byteOffset + only.start, only.size);
      const names = extents.flatMap(({ file }) => (file === null ? [] : [file]));
      for (const name of names) hold(name, 1);
      let open = true;
      return {
        chunks: read(extents),
        close() {
          if (!open) return;
          open = false;
          for (const name of names) hold(name, -1);
          for (const name of new Set(names)) removeUnused(name);
        },
      };
    },

    close() {
      if (directory === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  return bodies;
}

/** The extents that hold the bytes from `start` up to `end`. */
function slice(extents: readonly Extent[], start: number, end: number): Extent[] {
  const found: Extent[] = [];
  let at = 0;
  for (const extent of extents) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, extent.size);
    if (from < to) found.push({ ...extent, start: extent.start + from, size: to - from });
    at += extent.size;
  }
  return found;
}
