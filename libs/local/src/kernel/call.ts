import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who makes a call. */
export type Caller =
  /** Someone at the keyboard: no function's credentials, and so everything is allowed. */
  | { readonly kind: 'root'; readonly arn: string }
  /** A running function, with the role that limits it. */
  | {
      readonly kind: 'function';
      readonly arn: string;
      readonly roleArn: string;
      readonly functionName: string;
      readonly requestId?: string | undefined;
    };

/** A service of AWS that acts on a resource, as resource policies name it. */
export interface ServicePrincipal {
  /** For example `events.amazonaws.com`. */
  readonly service: string;
  /** The resource on whose behalf it acts: a rule, an API. */
  readonly sourceArn: string;
}

/** One call of an AWS API that speaks JSON, decoded. */
export interface Call {
  /** Name in the SigV4 scope: `dynamodb`, `events`, `ssm`. */
  readonly service: string;
  /** `PutItem`, `PutEvents`. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
  readonly region: string;
  /** `X-Amzn-Trace-Id`, as the SDK sends it from within a function. */
  readonly traceHeader?: string | undefined;
}

/** What IAM has to allow before a call may run. */
export interface Permission {
  /** `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string;
  /** Condition keys with their values: `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The resource's own policy, if it has one: it may allow what the role does not mention, and its deny wins. */
  readonly resourcePolicy?: unknown;
}

/** An AWS API of the awsJson protocols: one POST, the operation in `X-Amz-Target`. */
export interface JsonService {
  readonly protocol: 'json';
  /** Name in the SigV4 scope. */
  readonly signingName: string;
  /** What stands before the dot in `X-Amz-Target`: `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  readonly jsonVersion: '1.0' | '1.1';
  /** What it answers; the endpoint refuses other operations and names these. Absent: `permissions` and `handle` see them all. */
  readonly operations?: readonly string[];
  permissions(call: Call): readonly Permission[];
  /** @throws {AwsError} what AWS would answer; anything else is answered as an internal error. */
  handle(call: Call): Promise<object>;
}

/** An AWS API of the old query protocol: a form with its `Action`, answered in XML. Calls look as those of a JSON API do, every scalar a text. */
export interface QueryService {
  readonly protocol: 'query';
  /** Name in the SigV4 scope. */
  readonly signingName: string;
  /** Of the XML. */
  readonly namespace: string;
  /** How this API says that a call is not allowed: `AuthorizationError`. */
  readonly deniedCode: string;
  /** What it answers; the endpoint refuses other operations and names these. */
  readonly operations: readonly string[];
  permissions(call: Call): readonly Permission[];
  /** The members of the result: a list becomes `member` elements, a `Map` `entry` elements. @throws {AwsError} what AWS would answer. */
  handle(call: Call): Promise<object>;
}

/** One request to an AWS API that speaks REST. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly caller: Caller;
  readonly region: string;
  readonly traceHeader?: string | undefined;
}

export interface RestReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An AWS API that speaks REST: Lambda, SES v2. */
export interface RestService {
  readonly protocol: 'rest';
  readonly signingName: string;
  permissions(request: RestRequest): readonly Permission[];
  /** @throws {AwsError} what AWS would answer. */
  handle(request: RestRequest): Promise<RestReply>;
}

/** What stands between a caller and an API: its role, and the faults of a test. */
export interface CallGuard {
  /** @throws {AwsError} `AccessDeniedException`, which names the statement that is missing. */
  check(caller: Caller, permissions: readonly Permission[], deniedStatus: number): void;
  /** Tells the terminal of an error that no service meant to answer with. */
  report(error: unknown, where: string): void;
  /** Makes a call, and carries out the fault that a test has put in its way. */
  run<Result>(
    call: Call,
    make: (input: Record<string, unknown>) => Promise<Result>,
    change: (result: Result, by: (answer: object) => object) => Result,
  ): Promise<Result>;
}

/** An AWS API whose contents are too large to be held: S3. It reads the request and writes the answer itself. */
export interface StreamService {
  readonly protocol: 'stream';
  readonly signingName: string;
  /** Whether a request that is not signed is for this service: a form, or something that is public. */
  claims(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse, guard: CallGuard): Promise<void>;
}

export type AwsService = JsonService | QueryService | RestService | StreamService;
