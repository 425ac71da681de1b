import { AwsError } from '../kernel/aws-error.ts';

export interface Topic {
  readonly name: string;
  readonly arn: string;
  /** As SetTopicAttributes takes them: text. Without a `Policy` it has the one that AWS gives every topic. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export const protocols = ['sqs', 'lambda', 'http', 'https', 'email', 'email-json'] as const;
export type Protocol = (typeof protocols)[number];

export interface Subscription {
  /** `<topic ARN>:<id>`. */
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** An ARN, a URL or an address. */
  readonly endpoint: string;
  /** As SetSubscriptionAttributes takes them: text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What an endpoint that is not AWS's own has to send back before it is told anything; undefined once it has. */
  readonly token?: string | undefined;
  /** Made by the property `Subscription` of its topic. */
  readonly inline?: true | undefined;
}

export interface AttributeValue {
  /** `String`, `Number`, `Binary`, `String.Array`. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, AttributeValue>>;

/** A message that a topic has taken. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string | undefined;
  readonly message: string;
  /** What `MessageStructure: json` says to a protocol instead. */
  readonly perProtocol?: Readonly<Record<string, string>> | undefined;
  readonly attributes: MessageAttributes;
  readonly groupId?: string | undefined;
  readonly traceHeader?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `InvalidParameter`, worded as SNS words it. */
export function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}

export function notFound(what: 'Topic' | 'Subscription'): AwsError {
  return new AwsError('NotFound', `${what} does not exist`, 404);
}

/** The text of an attribute as JSON. @throws {AwsError} `InvalidParameter`. */
export function jsonOf(name: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, as what is JSON and no object.
  }
  throw invalid(`${name}: failed to parse JSON.`);
}
