import type { CallGuard } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Iam } from '../iam/iam.ts';
import type { Access, Asker } from './access.ts';
import type { Bodies, Source } from './bodies.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import type { Database } from './database.ts';
import type { Notifications } from './notifications.ts';
import type { Objects } from './objects.ts';
import type { S3Request } from './request.ts';
import type { SignatureCheck } from './signed.ts';
import type { Uploads } from './uploads.ts';

/** What S3 is made of. */
export interface Parts {
  readonly kernel: Kernel;
  readonly database: Database;
  readonly buckets: Buckets;
  readonly bodies: Bodies;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly notifications: Notifications;
  readonly signatures: SignatureCheck;
  readonly iam: Pick<Iam, 'allows' | 'admits' | 'admitsAnyone'> & { callerOf(accessKeyId: string): Asker | undefined };
}

/** One request, by one who asks, to one bucket. */
export interface S3Call {
  readonly request: S3Request;
  readonly asker: Asker;
  readonly access: Access;
  readonly guard: CallGuard;
  /** @throws {AwsError} `NoSuchBucket`. */
  bucket(): Bucket;
  readonly key: string;
}

export interface S3Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Buffer | Source | undefined;
}

export type Operation = (call: S3Call) => S3Reply | Promise<S3Reply>;
