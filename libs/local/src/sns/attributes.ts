import { compilePolicy } from '../iam/policy.ts';
import { parseDeliveryPolicy } from './delivery-policy.ts';
import { compileFilter, type FilterScope } from './filter-policy.ts';
import { invalid, jsonOf, type Protocol } from './model.ts';

type Attributes = Readonly<Record<string, string>>;

/** What a topic may be told and does not do here: nothing is encrypted, and nobody signs. */
const quiet = ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig', 'DataProtectionPolicy'];
const fifo = ['FifoTopic', 'ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'];

/** @throws {AwsError} `InvalidParameter`. https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
export function checkTopicAttributes(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === '' || quiet.includes(name) || name.endsWith('FeedbackRoleArn') || name.endsWith('FeedbackSampleRate')) continue;
    if (name === 'Policy') checkPolicy(value);
    else if (name === 'DeliveryPolicy') parseDeliveryPolicy(value, 'topic');
    else if (fifo.includes(name)) checkFifo(name, value);
    else throw invalid(`AttributeName: ${name}`);
  }
}

function checkFifo(name: string, value: string): void {
  if (value === 'false') return;
  throw invalid(`${name}: FIFO topics do not run on the laptop cloud; publish to a FIFO queue, or to a standard topic.`);
}

function checkPolicy(text: string): void {
  try {
    compilePolicy(jsonOf('Policy', text));
  } catch {
    throw invalid('Policy Error: null');
  }
}

/** @throws {AwsError} `InvalidParameter`. https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html */
export function checkSubscriptionAttributes(attributes: Attributes, protocol: Protocol): void {
  for (const [name, value] of Object.entries(attributes)) {
    switch (name) {
      case 'RawMessageDelivery':
        if (!['true', 'false'].includes(value)) throw invalid(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
        if (value === 'true' && !['sqs', 'http', 'https'].includes(protocol))
          throw invalid(`RawMessageDelivery Reason: a subscription of ${protocol} has none`);
        break;
      case 'RedrivePolicy':
        if (value !== '') checkRedrive(value);
        break;
      case 'FilterPolicyScope':
        if (!['MessageAttributes', 'MessageBody'].includes(value))
          throw invalid(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`);
        break;
      case 'DeliveryPolicy':
        if (value !== '') parseDeliveryPolicy(value, 'subscription');
        break;
      case 'FilterPolicy':
        break;
      default:
        throw invalid(`AttributeName: ${name}`);
    }
  }
  // Last, because what a policy may say depends on its scope.
  if (attributes['FilterPolicy']) compileFilter(attributes['FilterPolicy'], scopeOf(attributes));
}

export function scopeOf(attributes: Attributes): FilterScope {
  return attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}

/** The queue for what a subscription was not given. */
export function deadLetterQueueOf(attributes: Attributes): string | undefined {
  const policy = attributes['RedrivePolicy'];
  return policy ? String(jsonOf('RedrivePolicy', policy)['deadLetterTargetArn']) : undefined;
}

function checkRedrive(text: string): void {
  const { deadLetterTargetArn: arn } = jsonOf('RedrivePolicy', text);
  if (typeof arn !== 'string' || !/^arn:[^:]+:sqs:[^:]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$/.test(arn))
    throw invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  if (arn.endsWith('.fifo')) throw invalid('RedrivePolicy: must use a standard queue as DLQ for a standard topic');
}

/** What is said anew wins; an empty text takes an attribute away. */
export function merged(attributes: Attributes, changes: Attributes): Attributes {
  return Object.fromEntries(Object.entries({ ...attributes, ...changes }).filter(([, value]) => value !== ''));
}
