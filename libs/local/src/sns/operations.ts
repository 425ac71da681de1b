import { AwsError } from '../kernel/aws-error.ts';
import type { Call, Permission } from '../kernel/call.ts';
import { type Operation, page } from '../kernel/json-api.ts';
import { batch, type Entry } from '../sqs/batch.ts';
import { describeSubscription, describeTopic } from './describe.ts';
import { maximumBytes, messageBytes, type PublishRequest } from './message.ts';
import { invalid, type MessageAttributes, type Protocol, type Subscription } from './model.ts';
import { policyOf } from './policy.ts';
import type { Publisher } from './publisher.ts';
import type { Registry } from './registry.ts';

type Input = Call['input'];
type Texts = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
const pageSize = 100;

/** The operations of SNS. Input comes from a form: every scalar is a text, and a list or map that is empty is an empty text. */
export function snsOperations(registry: Registry, publisher: Publisher): Readonly<Record<string, Operation>> {
  const onTopic = (action: string, run: Operation['run'], name = 'TopicArn', context: (input: Input) => Texts = () => ({})): Operation => ({
    permissions: (input) => [topicPermission(registry, `sns:${action}`, optional(input, name) ?? '*', context(input))],
    run,
  });
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html: these have no resource to name.
  const onAll = (action: string, run: Operation['run']): Operation => ({
    permissions: () => [{ action: `sns:${action}`, resource: '*' }],
    run,
  });
  const subscriptionOf = (input: Input): Subscription => registry.subscription(text(input, 'SubscriptionArn'));
  const listed = (subscriptions: readonly Subscription[], input: Input): object => {
    const { items, ...more } = page(subscriptions, optional(input, 'NextToken'), pageSize);
    return { Subscriptions: items.map(summary), ...more };
  };

  return {
    CreateTopic: {
      permissions: (input) => [topicPermission(registry, 'sns:CreateTopic', registry.arnOf(optional(input, 'Name') ?? ''))],
      run: (input) => ({ TopicArn: registry.createTopic(text(input, 'Name'), texts(input, 'Attributes'), tagsOf(input)).arn }),
    },
    DeleteTopic: onTopic('DeleteTopic', (input) => {
      registry.removeTopic(text(input, 'TopicArn'));
      return {};
    }),
    ListTopics: onAll('ListTopics', (input) => {
      const { items, ...more } = page(registry.topics(), optional(input, 'NextToken'), pageSize);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...more };
    }),
    GetTopicAttributes: onTopic('GetTopicAttributes', (input) => ({
      Attributes: describeTopic(registry.topic(text(input, 'TopicArn')), registry),
    })),
    SetTopicAttributes: onTopic('SetTopicAttributes', (input) => {
      const name = text(input, 'AttributeName');
      registry.setTopic(registry.topic(text(input, 'TopicArn')), { [name]: optional(input, 'AttributeValue') ?? '' });
      return {};
    }),
    Subscribe: onTopic(
      'Subscribe',
      (input) => {
        const request = { topicArn: text(input, 'TopicArn'), protocol: text(input, 'Protocol') as Protocol };
        const subscription = registry.subscribe({ ...request, endpoint: text(input, 'Endpoint'), attributes: texts(input, 'Attributes') });
        if (subscription.token !== undefined) publisher.askToConfirm(subscription);
        const tells = subscription.token === undefined || input['ReturnSubscriptionArn'] === 'true';
        return { SubscriptionArn: tells ? subscription.arn : 'pending confirmation' };
      },
      'TopicArn',
      (input) => ({ 'sns:Protocol': optional(input, 'Protocol') ?? '', 'sns:Endpoint': optional(input, 'Endpoint') ?? '' }),
    ),
    ConfirmSubscription: onTopic('ConfirmSubscription', (input) => {
      const { arn } = registry.confirm(text(input, 'TopicArn'), text(input, 'Token'));
      return { SubscriptionArn: arn };
    }),
    Unsubscribe: onAll('Unsubscribe', (input) => {
      registry.unsubscribe(text(input, 'SubscriptionArn'));
      return {};
    }),
    ListSubscriptions: onAll('ListSubscriptions', (input) => listed(registry.subscriptions(), input)),
    ListSubscriptionsByTopic: onTopic('ListSubscriptionsByTopic', (input) =>
      listed(registry.subscriptionsOf(registry.topic(text(input, 'TopicArn')).arn), input),
    ),
    GetSubscriptionAttributes: onAll('GetSubscriptionAttributes', (input) => ({
      Attributes: describeSubscription(subscriptionOf(input), registry),
    })),
    SetSubscriptionAttributes: onAll('SetSubscriptionAttributes', (input) => {
      const name = text(input, 'AttributeName');
      registry.setSubscription(subscriptionOf(input), { [name]: optional(input, 'AttributeValue') ?? '' });
      return {};
    }),
    Publish: {
      permissions: (input) => [
        topicPermission(registry, 'sns:Publish', optional(input, 'TopicArn') ?? optional(input, 'TargetArn') ?? '*'),
      ],
      run: (input, { traceHeader }) => {
        const topicArn = optional(input, 'TopicArn') ?? optional(input, 'TargetArn');
        if (topicArn === undefined)
          throw invalid('TopicArn or TargetArn Reason: no value for required parameter. The laptop cloud sends no texts to telephones');
        return { MessageId: publisher.publish(topicArn, input as PublishRequest, traceHeader) };
      },
    },
    PublishBatch: {
      permissions: (input) => [topicPermission(registry, 'sns:Publish', optional(input, 'TopicArn') ?? '*')],
      run: (input, { traceHeader }) => {
        const { arn } = registry.topic(text(input, 'TopicArn'));
        const entries = list(input, 'PublishBatchRequestEntries');
        checkBatchSize(entries);
        return {
          Successful: [],
          Failed: [],
          ...batch<Entry & PublishRequest>(entries, (entry) => ({ MessageId: publisher.publish(arn, entry, traceHeader) })),
        };
      },
    },
    TagResource: onTopic(
      'TagResource',
      (input) => {
        const topic = tagged(registry, input);
        registry.tagTopic(topic, { ...topic.tags, ...tagsOf(input) });
        return {};
      },
      'ResourceArn',
    ),
    UntagResource: onTopic(
      'UntagResource',
      (input) => {
        const topic = tagged(registry, input);
        const keys = new Set(list(input, 'TagKeys'));
        registry.tagTopic(topic, Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !keys.has(key))));
        return {};
      },
      'ResourceArn',
    ),
    ListTagsForResource: onTopic(
      'ListTagsForResource',
      (input) => ({ Tags: Object.entries(tagged(registry, input).tags).map(([Key, Value]) => ({ Key, Value })) }),
      'ResourceArn',
    ),
  };
}

function topicPermission(registry: Registry, action: string, resource: string, context: Texts = {}): Permission {
  const topic = registry.findTopic(resource);
  return { action, resource, context, ...(topic && { resourcePolicy: policyOf(topic) }) };
}

function tagged(registry: Registry, input: Input): ReturnType<Registry['topic']> {
  const topic = registry.findTopic(text(input, 'ResourceArn'));
  if (topic) return topic;
  throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
}

function summary({ arn, topicArn, protocol, endpoint, token }: Subscription): object {
  const SubscriptionArn = token === undefined ? arn : 'PendingConfirmation';
  return { SubscriptionArn, Owner: topicArn.split(':')[4], Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
}

/** A batch is together no larger than a message. */
function checkBatchSize(entries: readonly unknown[]): void {
  const bytes = (entries as readonly { Message?: string; MessageAttributes?: MessageAttributes | '' }[])
    .map(({ Message = '', MessageAttributes }) => messageBytes(Message, MessageAttributes || {}))
    .reduce((sum, each) => sum + each, 0);
  if (bytes > maximumBytes)
    throw new AwsError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');
}

function text(input: Input, name: string): string {
  return optional(input, name) ?? refuse(name);
}

function refuse(name: string): never {
  throw invalid(`${name} Reason: no value for required parameter`);
}

function optional(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(input: Input, name: string): Texts {
  const value = input[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Texts) : {};
}

function list(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  return Array.isArray(value) ? value : [];
}

function tagsOf(input: Input): Texts {
  return Object.fromEntries(
    (list(input, 'Tags') as readonly { Key?: string; Value?: string }[]).map(({ Key = '', Value = '' }) => [Key, Value]),
  );
}
