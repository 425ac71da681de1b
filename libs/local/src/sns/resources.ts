import type { Kernel } from '../kernel/kernel.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import { type Documents } from '../kernel/state.ts';
import { invalid, type Protocol, type Subscription, type Topic } from './model.ts';
import type { Publisher } from './publisher.ts';
import type { Registry } from './registry.ts';

type Properties = ResourceRequest['properties'];
type Texts = Readonly<Record<string, string>>;

export interface ResourceParts {
  readonly kernel: Kernel;
  readonly registry: Registry;
  readonly publisher: Publisher;
  /** ARNs of the topics that each policy resource was applied to. */
  readonly policies: Documents<readonly string[]>;
}

/** `AWS::SNS::Topic`, `::Subscription` and `::TopicPolicy`. */
export function resourceTypes(parts: ResourceParts): ResourceType[] {
  return [topicResource(parts), subscriptionResource(parts), topicPolicyResource(parts)];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
function topicResource(parts: ResourceParts): ResourceType {
  const { registry } = parts;
  return {
    type: 'AWS::SNS::Topic',
    apply: async (request) => {
      const { TopicName, Tags, Subscription: inline = [], DeliveryStatusLogging: _, ...rest } = request.properties;
      const name = text(TopicName) ?? generatedName(request, 256);
      const attributes = textsOf(rest);
      const existing = registry.findTopic(registry.arnOf(name));
      if (existing) registry.replaceTopic(existing, attributes, tagsOf(Tags));
      const topic = existing ?? registry.createTopic(name, attributes, tagsOf(Tags));
      subscribeInline(parts, topic, inline as readonly Properties[]);
      return { physicalId: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
    },
    remove: async (physicalId) => registry.removeTopic(physicalId),
  };
}

/** Those that have left the property end; those that somebody has made otherwise stay. */
function subscribeInline({ registry, publisher }: ResourceParts, { arn: topicArn }: Topic, wanted: readonly Properties[]): void {
  const standing = wanted.map(({ Protocol: protocol, Endpoint: endpoint }) => {
    const place = { topicArn, protocol: String(protocol) as Protocol, endpoint: String(endpoint) };
    const existing = registry.subscriptionAt(place);
    return confirmed(publisher, existing ?? registry.subscribe({ ...place, attributes: {}, inline: true })).arn;
  });
  for (const { arn, inline } of registry.subscriptionsOf(topicArn)) if (inline && !standing.includes(arn)) registry.unsubscribe(arn);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
function subscriptionResource({ registry, publisher, kernel }: ResourceParts): ResourceType {
  return {
    type: 'AWS::SNS::Subscription',
    apply: async ({ logicalId, properties }) => {
      const { TopicArn, Protocol: protocol, Endpoint, Region: _, SubscriptionRoleArn, ReplayPolicy, ...rest } = properties;
      for (const [name, value] of Object.entries({ SubscriptionRoleArn, ReplayPolicy })) {
        const message = `SNS: ${name} of the subscription ${logicalId} has no effect here.`;
        if (value !== undefined) kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
      }
      const request = { topicArn: String(TopicArn), protocol: String(protocol) as Protocol, endpoint: String(Endpoint) };
      const attributes = textsOf(rest);
      const existing = registry.subscriptionAt(request);
      const subscription = existing ? registry.replaceSubscription(existing, attributes) : registry.subscribe({ ...request, attributes });
      const { arn } = confirmed(publisher, subscription);
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    remove: async (physicalId) => registry.unsubscribe(physicalId),
  };
}

/** At every start: an endpoint that was not there the last time may be there now. */
function confirmed(publisher: Publisher, subscription: Subscription): Subscription {
  if (subscription.token !== undefined) publisher.askToConfirm(subscription);
  return subscription;
}

/** The policy of one or more topics. The last one that was applied to a topic is its policy. */
function topicPolicyResource({ registry, policies }: ResourceParts): ResourceType {
  const clear = (arns: readonly string[]): void => {
    for (const arn of arns) {
      const topic = registry.findTopic(arn);
      if (topic) registry.setTopic(topic, { Policy: '' });
    }
  };
  return {
    type: 'AWS::SNS::TopicPolicy',
    apply: async ({ stackName, logicalId, properties }) => {
      const physicalId = `${stackName}-${logicalId}`;
      const { Topics, PolicyDocument } = properties;
      if (!Array.isArray(Topics)) throw invalid('TopicPolicy: Topics is a list of ARNs');
      const topics = Topics.map((arn) => registry.topic(String(arn)));
      clear((policies.get(physicalId) ?? []).filter((arn) => !topics.some((topic) => topic.arn === arn)));
      for (const topic of topics) registry.setTopic(topic, { Policy: JSON.stringify(PolicyDocument) });
      policies.put(
        physicalId,
        topics.map(({ arn }) => arn),
      );
      return { physicalId, attributes: { Id: physicalId } };
    },
    remove: async (physicalId) => {
      clear(policies.get(physicalId) ?? []);
      policies.delete(physicalId);
    },
  };
}

/** Attributes as the API takes them: text, and JSON as text. */
function textsOf(properties: Properties): Texts {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

function tagsOf(tags: unknown): Texts {
  const list = Array.isArray(tags) ? (tags as { Key: string; Value: unknown }[]) : [];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, String(Value)]));
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
