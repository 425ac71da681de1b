import { setImmediate as pause } from 'node:timers/promises';
import type { Bucket, LifecycleRule } from './bucket.ts';
import type { Parts } from './parts.ts';
import type { StoredObject } from './objects.ts';
import { newRequestId } from './request.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Removes objects whose time is over, and uploads that nobody completes: now, and then once an hour. */
export function createLifecycle(parts: Parts): { run(): Promise<void>; close(): Promise<void> } {
  const { kernel } = parts;
  let closed = false;
  let running: Promise<void> | undefined;
  const sweep = async (): Promise<void> => {
    try {
      for (const bucket of parts.buckets.all()) if (bucket.settings.lifecycle.length > 0) await sweepBucket(bucket, parts, () => closed);
    } catch (error) {
      const message = `S3: ${error instanceof Error ? error.message : String(error)}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
    }
  };
  const run = (): Promise<void> => (running ??= sweep().finally(() => (running = undefined)));
  void run();
  const timer = setInterval(() => void run(), EVERY_MS).unref();
  return {
    run,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function sweepBucket(
  bucket: Bucket,
  { kernel, database, objects, uploads, notifications }: Parts,
  isClosed: () => boolean,
): Promise<void> {
  const rules = bucket.settings.lifecycle;
  const now = kernel.now();
  for (const upload of uploads.ofBucket(bucket.name, '')) {
    const days = rules
      .filter(({ prefix }) => upload.key.startsWith(prefix))
      .flatMap(({ abortUploadsAfterDays }) => abortUploadsAfterDays ?? []);
    if (days.some((each) => now >= midnightAfter(upload.started, each))) database.transaction(() => uploads.end(upload));
  }
  let count = 0;
  for (let object = objects.after(bucket.name, ''); object; object = objects.after(bucket.name, object.key)) {
    if (isClosed()) return;
    const expired = object;
    if (rules.some((rule) => isExpired(rule, expired, now))) {
      database.transaction(() => {
        objects.remove(expired);
        notifications.enqueue(bucket, {
          name: 'LifecycleExpiration:Delete',
          key: expired.key,
          requestId: newRequestId(),
          by: { kind: 's3' },
        });
      });
    }
    // Whoever else wants to run may do so.
    if ((count += 1) % 500 === 0) await pause();
  }
  notifications.wake();
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
function isExpired(rule: LifecycleRule, { key, size, modified, meta }: StoredObject, now: number): boolean {
  if (!key.startsWith(rule.prefix)) return false;
  if (!Object.entries(rule.tags).every(([name, value]) => meta.tags[name] === value)) return false;
  if (rule.sizeGreaterThan !== undefined && size <= rule.sizeGreaterThan) return false;
  if (rule.sizeLessThan !== undefined && size >= rule.sizeLessThan) return false;
  const { expireAt, expireAfterDays } = rule;
  return (expireAt !== undefined && now >= expireAt) || (expireAfterDays !== undefined && now >= midnightAfter(modified, expireAfterDays));
}

/** S3 counts days from the next midnight in UTC. */
function midnightAfter(time: number, days: number): number {
  return Math.ceil(time / DAY_MS) * DAY_MS + days * DAY_MS;
}
