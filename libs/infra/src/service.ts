import type { EventContract, RouteContract } from '@larder/contracts';
import type { Resources } from './cloudformation.ts';
import type { BucketRight, ForeignBucketRight, Recognition, TableRight } from './words.ts';

/** A service with every word resolved against the contracts: what the `to*` functions turn into CloudFormation. */
export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  /** Data is kept when the stack goes, and logs for longer. */
  readonly production: boolean;
  readonly functions: readonly ServiceFunction[];
  /** Deployed without the platform. */
  readonly standalone: boolean;
  /** Where a standalone service says what has happened; empty: nowhere. */
  readonly bus: string;
  /** The DynamoDB tables of `resources.yml`, by logical id. */
  readonly tables: Resources;
  /** Its S3 buckets. */
  readonly buckets: Resources;
  /** Its Kinesis streams. */
  readonly streams: Resources;
  /** Its SNS topics. */
  readonly topics: Resources;
  /** Those of them that have a policy in `resources.yml`: a topic has one. */
  readonly topicsWithPolicy: readonly string[];
}

export interface ServiceFunction {
  /** As written in `serverless.yml`: `reserveStock`. */
  readonly key: string;
  /** As deployed: `inventory-dev-reserveStock`. */
  readonly name: string;
  /** Seconds. */
  readonly timeout: number;
  readonly subscription: Subscription | undefined;
  readonly routes: readonly ServedRoute[];
  /** Logical ids of the tables whose stream it reads. */
  readonly tableChanges: readonly string[];
  /** The Kinesis streams that it reads: logical ids of the service's own, names of contracts of others'. */
  readonly streamRecords: readonly string[];
  /** Logical id of the bucket whose new objects arrive in its queue. */
  readonly bucketChange: string | undefined;
  /** Everything that is said on the bus arrives in its queue. */
  readonly wholeBus: boolean;
  readonly access: Access;
}

/** A function's queue and the events that arrive in it. */
export interface Subscription {
  readonly events: readonly EventContract[];
  readonly batchSize: number;
  /** How many batches are worked on at once, at most. */
  readonly concurrency: number;
  /** How often a message is tried before it becomes a dead letter. */
  readonly maxReceiveCount: number;
}

export interface ServedRoute {
  readonly name: string;
  readonly contract: RouteContract;
}

export interface CalledRoute extends ServedRoute {
  /** The service that answers. */
  readonly service: string;
}

export interface Access {
  readonly tables: readonly { readonly table: string; readonly may: readonly TableRight[] }[];
  readonly buckets: readonly { readonly bucket: string; readonly may: readonly BucketRight[] }[];
  /** Logical ids of the SNS topics that it publishes to. */
  readonly topics: readonly string[];
  /** Names of buckets that others have. */
  readonly foreignBuckets: readonly { readonly name: string; readonly may: readonly ForeignBucketRight[] }[];
  /** By way of the outbox. */
  readonly publishes: readonly EventContract[];
  /** To the bus itself: of a standalone service. */
  readonly announces: readonly EventContract[];
  readonly calls: readonly CalledRoute[];
  /** `<service>/<name>`. */
  readonly secrets: readonly string[];
  readonly parameters: readonly string[];
  readonly sendsEmail: boolean;
  readonly recognises: readonly Recognition[];
  /** Logical ids of distributions. */
  readonly invalidates: readonly string[];
  /** Logical ids of Kinesis streams. */
  readonly produces: readonly string[];
}

/** Of a function that says nothing of it. */
export const noAccess: Access = {
  ...{ tables: [], buckets: [], topics: [], foreignBuckets: [], publishes: [], announces: [], calls: [] },
  ...{ secrets: [], parameters: [], sendsEmail: false, recognises: [], invalidates: [], produces: [] },
};

/** The function that the plugin adds to publish what stands in the outbox. */
export const publisherKey = 'publishOutbox';

/** Is given things that can come twice, and commits to something once. A table's change does that where it is published. */
export const usesInbox = (fn: ServiceFunction): boolean =>
  fn.subscription !== undefined || remembersRequests(fn) || (fn.tableChanges.length > 0 && usesOutbox(fn));

/** Serves a route whose answer is kept, to be given again to the same key. */
export const remembersRequests = (fn: ServiceFunction): boolean => fn.routes.some((route) => route.contract.idempotencyKey === 'required');

export const usesOutbox = (fn: ServiceFunction): boolean => fn.access.publishes.length > 0;

/** Has a queue of its own, from which it is fed. */
export const hasQueue = (fn: ServiceFunction): boolean => fn.subscription !== undefined || fn.bucketChange !== undefined || fn.wholeBus;

export const readsStream = (fn: ServiceFunction): boolean => fn.tableChanges.length > 0 || fn.streamRecords.length > 0;
