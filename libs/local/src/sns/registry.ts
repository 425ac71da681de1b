import { randomBytes, randomUUID } from 'node:crypto';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import { checkSubscriptionAttributes, checkTopicAttributes, merged } from './attributes.ts';
import { checkEndpoint, needsConfirmation } from './endpoints.ts';
import { invalid, notFound, type Subscription, type Topic } from './model.ts';

type Attributes = Readonly<Record<string, string>>;

export interface SubscribeRequest extends Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint' | 'inline'> {
  readonly attributes: Attributes;
}

/** Topics and subscriptions, in memory and on disk. */
export interface Registry {
  arnOf(topicName: string): string;
  findTopic(arn: string): Topic | undefined;
  /** @throws {AwsError} `NotFound`. */
  topic(arn: string): Topic;
  topics(): readonly Topic[];
  /** Makes a topic; one of the same name is answered if nothing given differs. @throws {AwsError} */
  createTopic(name: string, attributes: Attributes, tags: Attributes): Topic;
  /** Changes attributes; an empty text takes one away. @throws {AwsError} */
  setTopic(topic: Topic, attributes: Attributes): Topic;
  /** Replaces attributes as a template does: what it does not say is the default again, but for the policy, which is a resource of its own. */
  replaceTopic(topic: Topic, attributes: Attributes, tags: Attributes): Topic;
  tagTopic(topic: Topic, tags: Attributes): void;
  /** With its subscriptions. */
  removeTopic(arn: string): void;
  findSubscription(arn: string): Subscription | undefined;
  /** @throws {AwsError} `NotFound`. */
  subscription(arn: string): Subscription;
  subscriptionsOf(topicArn: string): readonly Subscription[];
  /** The one that an endpoint of a topic has. */
  subscriptionAt(place: Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint'>): Subscription | undefined;
  subscriptions(): readonly Subscription[];
  /** Makes a subscription, or answers the one that its endpoint has. @throws {AwsError} when that has other attributes. */
  subscribe(request: SubscribeRequest): Subscription;
  /** Changes attributes; an empty text takes one away. @throws {AwsError} */
  setSubscription(subscription: Subscription, attributes: Attributes): Subscription;
  /** Replaces attributes as a template does. @throws {AwsError} */
  replaceSubscription(subscription: Subscription, attributes: Attributes): Subscription;
  /** @throws {AwsError} `InvalidParameter` for a token that nobody was given. */
  confirm(topicArn: string, token: string): Subscription;
  unsubscribe(arn: string): void;
}

export function createRegistry(kernel: Kernel, state: State): Registry {
  const topics = state.documents<Topic>('topic');
  const subscriptions = state.documents<Subscription>('subscription');
  const byTopic = new Map<string, Map<string, Subscription>>();
  const prefix = `arn:${kernel.partition}:sns:${kernel.region}:${kernel.accountId}:`;
  const index = (subscription: Subscription): void => {
    const { arn, topicArn } = subscription;
    byTopic.set(topicArn, (byTopic.get(topicArn) ?? new Map<string, Subscription>()).set(arn, subscription));
  };
  subscriptions.all().forEach(index);

  const keepTopic = (topic: Topic): Topic => {
    topics.put(topic.arn, topic);
    return topic;
  };
  const keep = (subscription: Subscription): Subscription => {
    subscriptions.put(subscription.arn, subscription);
    index(subscription);
    return subscription;
  };
  const withAttributes = (subscription: Subscription, attributes: Attributes): Subscription => {
    checkSubscriptionAttributes(attributes, subscription.protocol);
    return keep({ ...subscription, attributes: merged({}, attributes) });
  };

  const registry: Registry = {
    arnOf: (name) => `${prefix}${name}`,
    findTopic: (arn) => topics.get(arn),
    topic: (arn) => topics.get(arn) ?? fail('Topic'),
    topics: () => topics.all(),
    createTopic: (name, attributes, tags) => {
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(name))
        throw invalid(`Topic Name${name.endsWith('.fifo') ? ': FIFO topics do not run on the laptop cloud' : ''}`);
      checkTopicAttributes(attributes);
      const existing = topics.get(registry.arnOf(name));
      if (!existing) return keepTopic({ name, arn: registry.arnOf(name), attributes: merged({}, attributes), tags });
      if (differs(attributes, existing.attributes)) throw invalid('Attributes Reason: Topic already exists with different attributes');
      if (differs(tags, existing.tags)) throw invalid('Tags Reason: Topic already exists with different tags');
      return existing;
    },
    setTopic: (topic, attributes) => {
      checkTopicAttributes(attributes);
      return keepTopic({ ...topic, attributes: merged(topic.attributes, attributes) });
    },
    replaceTopic: (topic, attributes, tags) => {
      checkTopicAttributes(attributes);
      return keepTopic({ ...topic, attributes: merged(attributes, { Policy: topic.attributes['Policy'] ?? '' }), tags });
    },
    tagTopic: (topic, tags) => void keepTopic({ ...topic, tags }),
    removeTopic: (arn) =>
      state.transaction(() => {
        for (const subscription of registry.subscriptionsOf(arn)) registry.unsubscribe(subscription.arn);
        byTopic.delete(arn);
        topics.delete(arn);
      }),
    findSubscription: (arn) => subscriptions.get(arn),
    subscription: (arn) => subscriptions.get(arn) ?? fail('Subscription'),
    subscriptionsOf: (topicArn) => [...(byTopic.get(topicArn)?.values() ?? [])],
    subscriptionAt: ({ topicArn, protocol, endpoint }) =>
      registry.subscriptionsOf(topicArn).find((each) => each.protocol === protocol && each.endpoint === endpoint),
    subscriptions: () => subscriptions.all(),
    subscribe: ({ topicArn, protocol, endpoint, attributes, inline }) => {
      registry.topic(topicArn);
      checkEndpoint(protocol, endpoint);
      checkSubscriptionAttributes(attributes, protocol);
      const existing = registry.subscriptionAt({ topicArn, protocol, endpoint });
      if (existing && differs(attributes, existing.attributes))
        throw invalid('Attributes Reason: Subscription already exists with different attributes');
      if (existing) return existing;
      const token = needsConfirmation(protocol) ? randomBytes(32).toString('hex') : undefined;
      return keep({ arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint, attributes: merged({}, attributes), token, inline });
    },
    setSubscription: (subscription, attributes) => withAttributes(subscription, { ...subscription.attributes, ...attributes }),
    replaceSubscription: withAttributes,
    confirm: (topicArn, token) => {
      const found = registry.subscriptionsOf(topicArn).find((each) => each.token === token);
      if (!found) throw invalid('Token');
      return keep({ ...found, token: undefined });
    },
    unsubscribe: (arn) => {
      byTopic.get(subscriptions.get(arn)?.topicArn ?? '')?.delete(arn);
      subscriptions.delete(arn);
    },
  };
  return registry;
}

function differs(given: Attributes, existing: Attributes): boolean {
  return Object.entries(given).some(([name, value]) => value !== (existing[name] ?? ''));
}

function fail(what: 'Topic' | 'Subscription'): never {
  throw notFound(what);
}
