import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type Bucket, checkBucketName, defaultSettings, type Settings } from './bucket.ts';
import type { Database } from './database.ts';
import { noSuchBucket } from './errors.ts';

/** The buckets, in memory and on disk. */
export interface Buckets {
  find(name: string): Bucket | undefined;
  /** @throws {AwsError} `NoSuchBucket`. */
  get(name: string): Bucket;
  /** By name. */
  all(): readonly Bucket[];
  arnOf(name: string): string;
  /** @throws {AwsError} `InvalidBucketName`, `BucketAlreadyOwnedByYou`. */
  create(name: string): Bucket;
  set(name: string, settings: Partial<Settings>): Bucket;
  /** @throws {AwsError} `BucketNotEmpty`. */
  remove(name: string): void;
}

export function createBuckets({ sql, transaction }: Database, kernel: Kernel): Buckets {
  const save = sql.prepare('INSERT OR REPLACE INTO buckets (name, value) VALUES (?, ?)');
  const forget = sql.prepare('DELETE FROM buckets WHERE name = ?');
  const holdsAny = sql.prepare('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1');
  const buckets = new Map<string, Bucket>();
  for (const { value } of sql.prepare('SELECT value FROM buckets').all()) {
    const bucket = JSON.parse(String(value)) as Bucket;
    buckets.set(bucket.name, bucket);
  }
  const put = (bucket: Bucket): Bucket => {
    save.run(bucket.name, JSON.stringify(bucket));
    buckets.set(bucket.name, bucket);
    return bucket;
  };

  const registry: Buckets = {
    find: (name) => buckets.get(name),
    get(name) {
      const bucket = buckets.get(name);
      if (!bucket) throw noSuchBucket(name);
      return bucket;
    },
    all: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    arnOf: (name) => `arn:${kernel.partition}:s3:::${name}`,
    create(name) {
      checkBucketName(name);
      if (buckets.has(name)) {
        const message = 'Your previous request to create the named bucket succeeded and you already own it.';
        throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
      }
      return put({ name, arn: registry.arnOf(name), createdAt: kernel.now(), settings: defaultSettings });
    },
    set(name, settings) {
      const bucket = registry.get(name);
      return put({ ...bucket, settings: { ...bucket.settings, ...settings } });
    },
    remove(name) {
      registry.get(name);
      if (holdsAny.get(name))
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
      transaction(() => forget.run(name));
      buckets.delete(name);
    },
  };
  return registry;
}
