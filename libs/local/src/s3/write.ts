import type { Asker } from './access.ts';
import type { Bucket } from './bucket.ts';
import type { Happening } from './event-record.ts';
import type { Meta, StoredObject } from './objects.ts';
import type { Parts } from './parts.ts';

export interface NewObject {
  readonly bucket: Bucket;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly meta: Meta;
  readonly event: Happening['name'];
  readonly requestId: string;
  readonly by: Asker;
  /** Throws when what is there now must not be replaced. */
  check(present: StoredObject | undefined): void;
  /** Makes the content, and does what else has to happen with it. */
  body(): string;
}

/** Makes an object, or replaces one: all of it, with what has to be told about it, or nothing. */
export function writeObject({ kernel, database, buckets, objects, notifications }: Parts, given: NewObject): StoredObject {
  const { bucket, key, size, etag, meta, event, requestId, by } = given;
  const object = database.transaction(() => {
    // The bucket may have gone while the content came.
    const current = buckets.get(bucket.name);
    given.check(objects.find(bucket.name, key));
    const made: StoredObject = { bucket: bucket.name, key, body: given.body(), size, etag, modified: kernel.now(), meta };
    objects.put(made);
    notifications.enqueue(current, { name: event, key, size, etag, requestId, by });
    return made;
  });
  notifications.wake();
  return object;
}

/** Deletes an object, if it is there. */
export function deleteObject(
  { database, objects, notifications }: Parts,
  { bucket, key, requestId, by, check }: Pick<NewObject, 'bucket' | 'key' | 'requestId' | 'by' | 'check'>,
): void {
  database.transaction(() => {
    const present = objects.find(bucket.name, key);
    check(present);
    if (!present) return;
    objects.remove(present);
    notifications.enqueue(bucket, { name: 'ObjectRemoved:Delete', key, requestId, by });
  });
  notifications.wake();
}
