import type { MessageAttributes, Notification, Protocol, Subscription } from './model.ts';

/** Where messages say that one confirms or ends a subscription. */
export interface Links {
  /** https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html */
  confirm(topicArn: string, token: string): string;
  unsubscribe(subscriptionArn: string): string;
}

/** Nobody signs here: who checks signatures has to be told not to. */
const unsigned = { SignatureVersion: '1', Signature: 'laptop', certificate: 'https://sns.amazonaws.com/laptop.pem' };

/** What a message says by a protocol. */
export function textFor({ message, perProtocol }: Notification, protocol: Protocol): string {
  return perProtocol?.[protocol] ?? message;
}

/** What a notification says of itself, whoever gets it. */
function toFields(notification: Notification, protocol: Protocol, subject: string | null | undefined) {
  const { messageId, topicArn, at } = notification;
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject,
    Message: textFor(notification, protocol),
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: unsigned.SignatureVersion,
    Signature: unsigned.Signature,
  };
}

/**
 * A notification as queues and HTTP endpoints get it, unless they want it raw.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function toEnvelope(notification: Notification, { arn, protocol }: Subscription, links: Links): string {
  return JSON.stringify({
    ...toFields(notification, protocol, notification.subject),
    SigningCertURL: unsigned.certificate,
    UnsubscribeURL: links.unsubscribe(arn),
    MessageAttributes: toPlain(notification.attributes),
  });
}

/**
 * A notification as functions get it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function toLambdaEvent(notification: Notification, { arn }: Subscription, links: Links): string {
  const Sns = {
    ...toFields(notification, 'lambda', notification.subject ?? null),
    SigningCertUrl: unsigned.certificate,
    UnsubscribeUrl: links.unsubscribe(arn),
    MessageAttributes: toPlain(notification.attributes) ?? {},
  };
  return JSON.stringify({ Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns }] });
}

/** What an endpoint is asked before it is told anything. https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html */
export function toConfirmation({ messageId, topicArn, at }: Notification, token: string, links: Links): string {
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: links.confirm(topicArn, token),
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: unsigned.SignatureVersion,
    Signature: unsigned.Signature,
    SigningCertURL: unsigned.certificate,
  });
}

function toPlain(attributes: MessageAttributes): object | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { DataType, StringValue, BinaryValue }]) => [name, { Type: DataType, Value: StringValue ?? BinaryValue }]),
  );
}
