/** An event as targets get it. */
export interface BusEvent extends Readonly<Record<string, unknown>> {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly 'replay-name'?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Statements of the resource policy, by `Sid`. */
  readonly statements: Readonly<Record<string, unknown>>;
}

/** As PutTargets takes it. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string | undefined;
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string } | undefined;
  readonly SqsParameters?: { readonly MessageGroupId?: string } | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string } | undefined;
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number } | undefined;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly state: 'ENABLED' | 'DISABLED';
  /** JSON text. */
  readonly eventPattern?: string | undefined;
  readonly scheduleExpression?: string | undefined;
  /** Milliseconds since 1970: rates count from here. */
  readonly scheduledSince?: number | undefined;
  readonly targets: readonly Target[];
}

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly description?: string | undefined;
  /** JSON text. */
  readonly eventPattern?: string | undefined;
  /** 0 keeps events for good. */
  readonly retentionDays: number;
  readonly createdAt: number;
}

export interface Replay {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly archive: string;
  readonly bus: string;
  /** Only these rules get the events; empty means all. */
  readonly filterArns: readonly string[];
  readonly state: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly reason?: string | undefined;
  /** Times of events, in milliseconds since 1970; the end is not included. */
  readonly from: number;
  readonly until: number;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly lastEventAt?: number | undefined;
  /** The last event replayed, in the order in which the archive is read. */
  readonly position?: { readonly minute: number; readonly id: string } | undefined;
}

/** An event on its way to one target. */
export interface Delivery {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  readonly event: BusEvent;
  readonly traceHeader?: string | undefined;
  /** When the event came to the bus, in milliseconds since 1970. */
  readonly ingestedAt: number;
  /** How many buses have sent the event on. */
  readonly hops: number;
}

/** What a repository key of a rule looks like: no name contains a bar. */
export function ruleKey(bus: string, name: string): string {
  return `${bus}|${name}`;
}
