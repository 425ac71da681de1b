import { randomUUID } from 'node:crypto';
import type { Bodies } from './bodies.ts';
import type { Algorithm, Checksum } from './checksum.ts';
import type { Database } from './database.ts';
import { noSuchUpload } from './errors.ts';
import type { Meta } from './objects.ts';

/** A multipart upload that is under way. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly meta: Meta;
  readonly checksum?: { readonly algorithm: Algorithm; readonly type: Checksum['type'] } | undefined;
}

export interface Part {
  readonly number: number;
  readonly body: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  /** Base64. */
  readonly checksum: string | null;
}

/** The uploads that are under way, and their parts. */
export interface Uploads {
  begin(upload: Omit<Upload, 'id'>): Upload;
  /** @throws {AwsError} `NoSuchUpload`. */
  get(id: string, bucket: string, key: string): Upload;
  /** By key, and of one key by age. */
  ofBucket(bucket: string, prefix: string): readonly Upload[];
  /** Replaces the part of the same number. Within a transaction. */
  put(upload: Upload, part: Part): void;
  parts(upload: Upload): readonly Part[];
  /** Forgets an upload and its parts. Within a transaction. */
  end(upload: Upload): void;
}

export function createUploads({ sql }: Database, bodies: Bodies): Uploads {
  const insert = sql.prepare('INSERT INTO uploads (id, bucket, key, started, meta) VALUES (?, ?, ?, ?, ?)');
  const select = sql.prepare('SELECT id, bucket, key, started, meta FROM uploads WHERE id = ?');
  const selectOfBucket = sql.prepare('SELECT id, bucket, key, started, meta FROM uploads WHERE bucket = ? ORDER BY key, started, id');
  const forget = sql.prepare('DELETE FROM uploads WHERE id = ?');
  const insertPart = sql.prepare(
    'INSERT OR REPLACE INTO parts (upload, number, body, size, etag, modified, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const selectPart = sql.prepare('SELECT body FROM parts WHERE upload = ? AND number = ?');
  const selectParts = sql.prepare('SELECT number, body, size, etag, modified, checksum FROM parts WHERE upload = ? ORDER BY number');
  const forgetParts = sql.prepare('DELETE FROM parts WHERE upload = ?');
  const toUpload = ({ meta, ...row }: Record<string, unknown>): Upload =>
    ({ ...row, ...(JSON.parse(String(meta)) as object) }) as unknown as Upload;

  const uploads: Uploads = {
    begin(given) {
      const upload = { ...given, id: randomUUID() };
      const { id, bucket, key, started, meta, checksum } = upload;
      insert.run(id, bucket, key, started, JSON.stringify({ meta, checksum }));
      return upload;
    },
    get(id, bucket, key) {
      const row = select.get(id);
      if (row?.['bucket'] !== bucket || row['key'] !== key) throw noSuchUpload(id);
      return toUpload(row);
    },
    ofBucket: (bucket, prefix) =>
      selectOfBucket
        .all(bucket)
        .map(toUpload)
        .filter(({ key }) => key.startsWith(prefix)),
    put({ id }, { number, body, size, etag, modified, checksum }) {
      const old = selectPart.get(id, number)?.['body'];
      if (old !== undefined) bodies.release(String(old));
      insertPart.run(id, number, body, size, etag, modified, checksum);
    },
    parts: ({ id }) => selectParts.all(id) as unknown as Part[],
    end(upload) {
      for (const { body } of uploads.parts(upload)) bodies.release(body);
      forgetParts.run(upload.id);
      forget.run(upload.id);
    },
  };
  return uploads;
}
