import type { Readable } from 'node:stream';
import type { ServicePrincipal } from './call.ts';

/** What one engine of the laptop cloud asks of another, in process. */

export interface InvokeRequest {
  /** Name, ARN, or ARN with a qualifier. */
  readonly functionName: string;
  /** JSON text. */
  readonly payload: string;
  /** `Event` answers at once and retries on its own. */
  readonly type: 'RequestResponse' | 'Event';
  /** The AWS service that calls; the function's resource policy has to admit it. Absent: IAM has been asked already. */
  readonly principal?: ServicePrincipal | undefined;
  readonly traceHeader?: string | undefined;
  readonly clientContext?: string | undefined;
}

export interface InvokeResult {
  /** 200 for `RequestResponse`, 202 for `Event`. */
  readonly status: number;
  /** JSON text: the answer, or `{errorType, errorMessage, trace}`. */
  readonly payload: string;
  /** Set when the function itself failed. */
  readonly functionError?: 'Unhandled' | undefined;
}

export interface LambdaPort {
  /** @throws {AwsError} `ResourceNotFoundException`, `TooManyRequestsException` (429), `AccessDeniedException`. */
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>> | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  readonly traceHeader?: string | undefined;
}

/** A message as an SQS event source gives it to a function. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes: `ApproximateReceiveCount`, `SentTimestamp`, `AWSTraceHeader`, `MessageGroupId`… */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, { dataType: string; stringValue?: string; binaryValue?: string }>>;
}

export interface QueuePort {
  /** @throws {AwsError} `AWS.SimpleQueueService.NonExistentQueue`; `AccessDenied` when a principal is given that the queue's policy does not admit. */
  send(queueArn: string, message: OutgoingMessage, principal?: ServicePrincipal): Promise<string>;
  /** Waits up to `waitMs` for messages and hides those it gives for the queue's visibility timeout. Answers as soon as there is one. */
  receive(queueArn: string, options: { max: number; waitMs: number; signal?: AbortSignal | undefined }): Promise<ReceivedMessage[]>;
  delete(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Attributes as GetQueueAttributes names them, or undefined when there is no such queue. */
  attributes(queueArn: string): Promise<Readonly<Record<string, string>> | undefined>;
}

/** A record as a stream's event source gives it to a function (the `Records` entry of a Lambda event). */
export interface StreamRecord {
  /** Grows with time within a shard; compared as a number of many digits. */
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly sizeBytes: number;
  /** The entry itself, for example `{eventID, eventName, dynamodb: {…}}`. */
  readonly entry: Readonly<Record<string, unknown>>;
}

export interface StreamPort {
  /** True for the ARNs of this engine's streams. */
  owns(streamArn: string): boolean;
  shards(streamArn: string): Promise<readonly string[]>;
  /** Shards that a shard came from, and whether it takes no more records. Absent: shards of this engine are never split. */
  lineage?(streamArn: string, shardId: string): { readonly parents: readonly string[]; readonly closed: boolean };
  /** Records of a shard after a sequence number, oldest first. */
  read(streamArn: string, shardId: string, after: string | 'TRIM_HORIZON' | 'LATEST', limit: number): Promise<readonly StreamRecord[]>;
  /** The sequence number of the newest record (or what will stand before the first): where `LATEST` is now. Read on after it. */
  latest(streamArn: string, shardId: string): Promise<string>;
  /** Calls back after records were added to the stream; returns how to stop. */
  onRecords(streamArn: string, listener: () => void): () => void;
}

export interface EventsPort {
  /** Puts one event of an AWS service or of an engine on a bus. */
  put(
    busName: string,
    event: { source: string; detailType: string; detail: string; resources?: readonly string[]; traceHeader?: string | undefined },
  ): Promise<void>;
}

export interface TopicPort {
  /**
   * Takes a message for all subscribers, and answers with its id once it is on disk.
   *
   * @throws {AwsError} `NotFound`; `AuthorizationError` when a principal is given that the topic's policy does not admit; `InvalidParameter`.
   */
  publish(
    topicArn: string,
    message: { readonly message: string; readonly subject?: string | undefined; readonly traceHeader?: string | undefined },
    principal?: ServicePrincipal,
  ): Promise<string>;
  /** How many subscribe, and how many deliveries wait; undefined when there is no such topic. */
  describe(topicArn: string): { readonly subscriptions: number; readonly waiting: number } | undefined;
}

export interface StateMachinePort {
  /**
   * Begins an execution, and answers with its ARN once it is on disk.
   *
   * @throws {AwsError} `StateMachineDoesNotExist`, `InvalidExecutionInput`, `ExecutionLimitExceeded`.
   */
  start(machineArn: string, request: { readonly input: string; readonly traceHeader?: string | undefined }): string;
  /** Executions that run, and those remembered that failed or ran out of time; undefined when there is no such state machine. */
  describe(machineArn: string): { readonly running: number; readonly failed: number } | undefined;
}

export interface MailPort {
  /** Puts a mail into the laptop's mailbox. */
  deliver(mail: { readonly from: string; readonly to: string; readonly subject: string; readonly text: string }): void;
}

/** Reads objects for another engine, which answers as S3 does over HTTP: errors are replies, with their document. */
export interface ObjectsPort {
  get(request: {
    readonly bucket: string;
    readonly key: string;
    /** `HEAD` has no body. */
    readonly method: 'GET' | 'HEAD';
    /** Range and conditions, by names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** The service that asks, which the bucket's policy has to admit. Undefined: anybody. */
    readonly principal: ServicePrincipal | undefined;
  }): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Readable }>;
}

export interface IamPort {
  /** Whether a role may do something, and if not the statement that is missing, as a sentence. */
  allows(
    roleArn: string,
    permission: import('./call.ts').Permission,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
  /** Whether a resource policy (a policy document) admits a service. */
  admits(policy: unknown, principal: ServicePrincipal, action: string, resource: string): boolean;
  /** Whether the trust policy of a role lets a service take it: `states.amazonaws.com`. */
  assumes(roleArn: string, service: string): boolean;
  /** Credentials that stand for a role while a function runs. The access key tells the endpoint who calls. */
  credentialsFor(role: { roleArn: string; functionName: string }): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}
