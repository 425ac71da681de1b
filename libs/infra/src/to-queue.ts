import { arn, getAtt, ref } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetterQueueId, deadLetterQueueName, functionId, logicalPrefix, queueId, ruleName } from './naming.ts';
import { hasQueue, readsStream } from './service.ts';
import type { Service, ServiceFunction, Subscription } from './service.ts';

/** Fourteen days, the longest that SQS keeps a message: time to mend what was wrong and send it again. */
const deadLetterRetention = 14 * 24 * 60 * 60;

/** The queue of what a function could not handle: whether it came from its queue, from the bus or from a stream. */
export function toDeadLetterQueue(fn: ServiceFunction): Resources {
  if (!hasQueue(fn) && !readsStream(fn)) return {};
  return {
    [deadLetterQueueId(fn.key)]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: deadLetterQueueName(fn.name),
        MessageRetentionPeriod: deadLetterRetention,
        SqsManagedSseEnabled: true,
      },
    },
  };
}

/** Between the bus and a subscriber: a rule for each event, one queue, and the mapping that feeds the function. */
export function toSubscription(fn: ServiceFunction, service: Service): Resources {
  const { subscription } = fn;
  if (!subscription) return {};
  const rules = subscription.events.map((event) => ({ event, name: ruleName(service.name, fn.key, event.detailType) }));
  return {
    [queueId(fn.key)]: toQueue(fn, subscription),
    ...toQueuePolicies(
      fn,
      rules.map(({ name }) => name),
    ),
    ...Object.fromEntries(
      rules.map(({ event, name }) => [
        `${logicalPrefix(fn.key)}On${logicalPrefix(event.owner)}${event.detailType.replace('.', '')}`,
        toRule(fn, name, `${event.type} for ${fn.name}`, { source: [event.source], 'detail-type': [event.detailType] }),
      ]),
    ),
    ...toMapping(fn, subscription),
  };
}

/** Objects are large, and what is done with them takes memory: one at a time in each environment, and few environments. */
const objects = { batchSize: 1, concurrency: 5, maxReceiveCount: 5 };

/** Between a bucket and the function that takes what is put into it: a queue that S3 may send to, and the mapping. The bucket itself names the queue (`to-buckets.ts`). */
export function toBucketChanges(fn: ServiceFunction): Resources {
  if (fn.bucketChange === undefined) return {};
  const queue = queueId(fn.key);
  return { [queue]: toQueue(fn, objects), [`${queue}Policy`]: toBucketPolicy(queue), ...toMapping(fn, objects) };
}

/**
 * S3 tries the queue when the bucket is made, so the policy stands before that, and cannot name the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
function toBucketPolicy(queue: string): Resource {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref(queue)],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: getAtt(queue, 'Arn'),
            Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
          },
        ],
      },
    },
  };
}

/** Many at once, since each batch becomes one object of the archive. */
const everything = { batchSize: 1000, concurrency: 5, maxReceiveCount: 10 };

/** Everything that is said on the bus, in a queue: one rule without a filter. */
export function toWholeBus(fn: ServiceFunction, service: Service): Resources {
  if (!fn.wholeBus) return {};
  const name = ruleName(service.name, fn.key, 'everything');
  return {
    [queueId(fn.key)]: toQueue(fn, everything),
    ...toQueuePolicies(fn, [name]),
    [`${logicalPrefix(fn.key)}OnEverything`]: toRule(fn, name, `Everything for ${fn.name}`, { source: [{ prefix: '' }] }),
    ...toMapping(fn, everything, { MaximumBatchingWindowInSeconds: 5 }),
  };
}

function toMapping(
  fn: ServiceFunction,
  { batchSize, concurrency }: Pick<Subscription, 'batchSize' | 'concurrency'>,
  more: Readonly<Record<string, Value>> = {},
): Resources {
  return {
    [`${queueId(fn.key)}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(queueId(fn.key), 'Arn'),
        FunctionName: ref(functionId(fn.key)),
        BatchSize: batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: concurrency },
        ...more,
      },
    },
  };
}

function toQueue(fn: ServiceFunction, { maxReceiveCount }: Pick<Subscription, 'maxReceiveCount'>): Resource {
  return {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: fn.name,
      // Six times the function's timeout, so that a throttled batch does not come back while it waits.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      VisibilityTimeout: 6 * fn.timeout,
      MessageRetentionPeriod: deadLetterRetention,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: getAtt(deadLetterQueueId(fn.key), 'Arn'), maxReceiveCount },
    },
  };
}

/**
 * What lets rules send to a function's queue and to its dead-letter queue. It names the rules' ARNs without referring to them, so that it
 * stands before the rules do: an event that a rule may not deliver is not retried.
 */
function toQueuePolicies(fn: ServiceFunction, rules: readonly string[]): Resources {
  const arns = rules.map((rule): Value => arn('events', `rule/\${BusName}/${rule}`));
  return Object.fromEntries([queueId(fn.key), deadLetterQueueId(fn.key)].map((queue) => [`${queue}Policy`, toQueuePolicy(queue, arns)]));
}

function toQueuePolicy(queue: string, rules: readonly Value[]): Resource {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref(queue)],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: getAtt(queue, 'Arn'),
            Condition: { ArnEquals: { 'aws:SourceArn': rules } },
          },
        ],
      },
    },
  };
}

/**
 * A rule's dead-letter queue is the function's: the message has the same body whether the bus could not deliver it or the
 * function could not handle it, and so it is looked at, alarmed about and sent again in one place.
 */
function toRule(fn: ServiceFunction, name: string, description: string, pattern: Readonly<Record<string, Value>>): Resource {
  const [queue, deadLetters] = [queueId(fn.key), deadLetterQueueId(fn.key)];
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: name,
      Description: description,
      EventBusName: ref('BusName'),
      EventPattern: pattern,
      Targets: [{ Id: 'queue', Arn: getAtt(queue, 'Arn'), DeadLetterConfig: { Arn: getAtt(deadLetters, 'Arn') } }],
    },
    DependsOn: [`${queue}Policy`, `${deadLetters}Policy`],
  };
}
