import { isHttp } from './delivery-policy.ts';
import type { Subscription, Topic } from './model.ts';
import { policyOf } from './policy.ts';
import type { Registry } from './registry.ts';

const defaultDeliveryPolicy = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
  },
});

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
export function describeTopic(topic: Topic, registry: Registry): ReadonlyMap<string, string> {
  const subscriptions = registry.subscriptionsOf(topic.arn);
  const pending = subscriptions.filter(({ token }) => token !== undefined).length;
  return new Map(
    Object.entries({
      TopicArn: topic.arn,
      Owner: ownerOf(topic.arn),
      DisplayName: '',
      SubscriptionsConfirmed: String(subscriptions.length - pending),
      SubscriptionsPending: String(pending),
      SubscriptionsDeleted: '0',
      EffectiveDeliveryPolicy: topic.attributes['DeliveryPolicy'] ?? defaultDeliveryPolicy,
      Policy: policyOf(topic),
      ...topic.attributes,
    }),
  );
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html */
export function describeSubscription(subscription: Subscription, registry: Registry): ReadonlyMap<string, string> {
  const { arn, topicArn, protocol, endpoint, attributes, token } = subscription;
  const topicPolicy = registry.topic(topicArn).attributes['DeliveryPolicy'];
  return new Map(
    Object.entries({
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Owner: ownerOf(topicArn),
      Protocol: protocol,
      Endpoint: endpoint,
      PendingConfirmation: String(token !== undefined),
      ConfirmationWasAuthenticated: String(!isHttp(protocol)),
      RawMessageDelivery: 'false',
      ...(attributes['FilterPolicy'] !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
      ...(isHttp(protocol) && { EffectiveDeliveryPolicy: attributes['DeliveryPolicy'] ?? topicPolicy ?? defaultDeliveryPolicy }),
      ...attributes,
    }),
  );
}

function ownerOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
