import { AwsError } from '../kernel/aws-error.ts';

/** A bucket and its settings. What it holds is in {@link file://./objects.ts}. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly settings: Settings;
}

export interface Settings {
  readonly cors: readonly CorsRule[];
  readonly lifecycle: readonly LifecycleRule[];
  readonly notifications: readonly Notification[];
  /** What objects are said to be encrypted with: `AES256`, `aws:kms`. Nothing is encrypted on a laptop. */
  readonly encryption: string;
  readonly publicAccess: PublicAccess;
  /** A policy document, if a template gives it one. */
  readonly policy?: unknown;
}

export interface PublicAccess {
  /** Refuses policies that admit everybody. */
  readonly blockPublicPolicy: boolean;
  /** Admits nobody who is nobody, whatever the policy says. */
  readonly restrictPublicBuckets: boolean;
}

export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge: number | undefined;
}

export interface Notification {
  readonly id: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`; EventBridge is told everything. */
  readonly event: string;
  /** The ARN of a function or a queue. */
  readonly target: string | 'eventbridge';
  readonly prefix: string;
  readonly suffix: string;
}

export interface LifecycleRule {
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeGreaterThan: number | undefined;
  readonly sizeLessThan: number | undefined;
  readonly expireAfterDays: number | undefined;
  /** Milliseconds since 1970. */
  readonly expireAt: number | undefined;
  readonly abortUploadsAfterDays: number | undefined;
}

/** Those of a bucket that nobody configured: public access is blocked since April 2023. */
export const defaultSettings: Settings = {
  cors: [],
  lifecycle: [],
  notifications: [],
  encryption: 'AES256',
  publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
};

/**
 * @throws {AwsError} `InvalidBucketName`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  const reserved = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!wellFormed || reserved) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
}
