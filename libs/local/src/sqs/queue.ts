import { AwsError } from '../kernel/aws-error.ts';

/** A queue and its settings. What it holds is in {@link file://./messages.ts}. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  /** As SetQueueAttributes takes them: text. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
  /** Seconds since 1970. */
  readonly createdAt: number;
  modifiedAt: number;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const numbers: Readonly<Record<string, { least: number; most: number; default?: string }>> = {
  DelaySeconds: { least: 0, most: 900, default: '0' },
  MaximumMessageSize: { least: 1024, most: 1_048_576, default: '1048576' },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, default: '345600' },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, default: '0' },
  VisibilityTimeout: { least: 0, most: 43_200, default: '30' },
  KmsDataKeyReusePeriodSeconds: { least: 60, most: 86_400 },
};
const fifoDefaults = { ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' };
const others = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
  'FifoQueue',
  ...Object.keys(fifoDefaults),
];
const defaults = Object.fromEntries(Object.entries(numbers).flatMap(([name, { default: value }]) => (value ? [[name, value]] : [])));

/** Attributes of a new queue, with the defaults. @throws {AwsError} for a name or a value that SQS does not take. */
export function newAttributes(name: string, given: Readonly<Record<string, string>>): Record<string, string> {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80) {
    throw new AwsError('InvalidParameterValue', 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  const fifo = given['FifoQueue'] === 'true';
  if (fifo !== name.endsWith('.fifo')) {
    throw new AwsError(
      'InvalidParameterValue',
      'The name of a FIFO queue ends with .fifo and its FifoQueue is true; no other queue has either.',
    );
  }
  const { FifoQueue: _, ...rest } = given;
  checkAttributes(rest, fifo);
  return { ...defaults, SqsManagedSseEnabled: 'true', ...(fifo && { FifoQueue: 'true', ...fifoDefaults }), ...withoutEmpty(rest) };
}

/** @throws {AwsError} `InvalidAttributeName`, `InvalidAttributeValue`. */
export function checkAttributes(given: Readonly<Record<string, string>>, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const range = numbers[name];
    if (!range && !others.includes(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const number = Number(value);
    if (range && !(Number.isInteger(number) && number >= range.least && number <= range.most)) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. It is from ${range.least} to ${range.most}.`);
    }
    if (name in fifoDefaults && !fifo) throw new AwsError('InvalidAttributeName', `Only a FIFO queue has the attribute ${name}.`);
  }
  if (given['RedrivePolicy']) parseRedrivePolicy(given['RedrivePolicy']);
}

export function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

export function isFifo(queue: Queue): boolean {
  return queue.attributes['FifoQueue'] === 'true';
}

export function milliseconds(
  queue: Queue,
  attribute: 'DelaySeconds' | 'VisibilityTimeout' | 'MessageRetentionPeriod' | 'ReceiveMessageWaitTimeSeconds',
): number {
  return Number(queue.attributes[attribute]) * 1000;
}

export function redrivePolicyOf(queue: Queue): RedrivePolicy | undefined {
  const policy = queue.attributes['RedrivePolicy'];
  return policy ? parseRedrivePolicy(policy) : undefined;
}

export function nonExistentQueue(code = 'QueueDoesNotExist'): AwsError {
  return new AwsError(code, 'The specified queue does not exist.');
}

function parseRedrivePolicy(text: string): RedrivePolicy {
  const invalid = (why: string): never => {
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter RedrivePolicy. Reason: ${why}`);
  };
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    policy = JSON.parse(text) as typeof policy;
  } catch {
    return invalid('it is not JSON.');
  }
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (typeof policy.deadLetterTargetArn !== 'string') return invalid('deadLetterTargetArn is missing.');
  if (!(Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1000))
    return invalid('maxReceiveCount is from 1 to 1000.');
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount };
}
