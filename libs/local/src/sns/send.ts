import { AwsError } from '../kernel/aws-error.ts';
import type { LambdaPort, MailPort, OutgoingMessage, QueuePort } from '../kernel/ports.ts';
import { isHttp } from './delivery-policy.ts';
import { type Links, textFor, toConfirmation, toEnvelope, toLambdaEvent } from './envelope.ts';
import type { Notification, Subscription } from './model.ts';

export interface SendPorts {
  /** Asked for when it is needed: functions and topics need each other. */
  readonly lambda: () => LambdaPort;
  readonly queues: Pick<QueuePort, 'send'>;
  readonly mail: MailPort;
  readonly links: Links;
}

/** https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html */
const httpPatienceMs = 15_000;
const sender = 'AWS Notifications <no-reply@sns.amazonaws.com>';

/**
 * Gives one notification to one subscriber: once, without retries.
 *
 * @param signal ends a request that is under way.
 * @throws {AwsError} what the subscriber answered.
 */
export type Send = (notification: Notification, subscription: Subscription, signal: AbortSignal) => Promise<void>;

export function createSend({ lambda, queues, mail, links }: SendPorts): Send {
  return async (notification, subscription, signal) => {
    const { protocol, endpoint, topicArn } = subscription;
    const { traceHeader } = notification;
    const principal = { service: 'sns.amazonaws.com', sourceArn: topicArn };
    if (protocol === 'sqs') {
      await queues.send(endpoint, toMessage(notification, subscription, links), principal);
    } else if (protocol === 'lambda') {
      const payload = toLambdaEvent(notification, subscription, links);
      await lambda().invoke({ functionName: endpoint, payload, type: 'Event', principal, traceHeader });
    } else if (isHttp(protocol)) {
      await post(notification, subscription, links, signal);
    } else {
      const subject = notification.subject ?? 'AWS Notification Message';
      const text =
        protocol === 'email-json'
          ? toEnvelope(notification, subscription, links)
          : `${textFor(notification, 'email')}\n\n--\nTo stop these notifications: ${links.unsubscribe(subscription.arn)}\n`;
      mail.deliver({ from: sender, to: endpoint, subject, text });
    }
  };
}

/** A notification as a queue gets it: in its envelope, or raw with its attributes. */
export function toMessage(notification: Notification, subscription: Subscription, links: Links): OutgoingMessage {
  const { traceHeader, groupId, attributes } = notification;
  if (!isRaw(subscription)) return { body: toEnvelope(notification, subscription, links), traceHeader, groupId };
  return { body: textFor(notification, subscription.protocol), attributes, traceHeader, groupId };
}

/** A status from 200 to 499 is an answer: also of who does not want the message. */
async function post(notification: Notification, subscription: Subscription, links: Links, signal: AbortSignal): Promise<void> {
  const { arn, endpoint, topicArn, token } = subscription;
  const raw = token === undefined && isRaw(subscription);
  const body = token !== undefined ? toConfirmation(notification, token, links) : toMessage(notification, subscription, links).body;
  let status: number;
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': token === undefined ? 'Notification' : 'SubscriptionConfirmation',
        'x-amz-sns-message-id': notification.messageId,
        'x-amz-sns-topic-arn': topicArn,
        ...(token === undefined && { 'x-amz-sns-subscription-arn': arn }),
        ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(httpPatienceMs)]),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    const { message, cause } = error as Error;
    throw new AwsError('ServiceUnavailable', `${endpoint}: ${cause instanceof Error ? cause.message : message}`, 503);
  }
  if (status < 200 || status > 499) throw new AwsError('ServiceUnavailable', `${endpoint} answered with ${status}`, 503);
}

function isRaw({ attributes }: Subscription): boolean {
  return attributes['RawMessageDelivery'] === 'true';
}
