import { arn, getAtt, ref } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetterQueueId, deadLetterQueueName, functionId, logicalPrefix, queueId, ruleName } from './naming.ts';
import { readsStream } from './service.ts';
import type { Service, ServiceFunction, Subscription } from './service.ts';

/** Fourteen days, the longest that SQS keeps a message: time to mend what was wrong and send it again. */
const deadLetterRetention = 14 * 24 * 60 * 60;

/** The queue of what a function could not handle: whether it came from its queue, from the bus or from a stream. */
export function toDeadLetterQueue(fn: ServiceFunction): Resources {
  if (!fn.subscription && !readsStream(fn)) return {};
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
  const policies = [queueId(fn.key), deadLetterQueueId(fn.key)].map((id) => [`${id}Policy`, toQueuePolicy(id, fn, subscription, service)]);
  return {
    [queueId(fn.key)]: toQueue(fn, subscription),
    ...(Object.fromEntries(policies) as Resources),
    ...toRules(fn, subscription, service),
    [`${queueId(fn.key)}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(queueId(fn.key), 'Arn'),
        FunctionName: ref(functionId(fn.key)),
        BatchSize: subscription.batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: subscription.concurrency },
      },
    },
  };
}

function toQueue(fn: ServiceFunction, { maxReceiveCount }: Subscription): Resource {
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
 * The policy names the rules' ARNs without referring to them, so that it stands before the rules do: an event that a rule
 * may not deliver is not retried.
 */
function toQueuePolicy(queue: string, fn: ServiceFunction, { events }: Subscription, service: Service): Resource {
  const rules = events.map((event): Value => arn('events', `rule/\${BusName}/${ruleName(service.name, fn.key, event.detailType)}`));
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
function toRules(fn: ServiceFunction, { events }: Subscription, service: Service): Resources {
  const rules = events.map((event): [string, Resource] => [
    `${logicalPrefix(fn.key)}On${logicalPrefix(event.owner)}${event.detailType.replace('.', '')}`,
    {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: ruleName(service.name, fn.key, event.detailType),
        Description: `${event.type} for ${fn.name}`,
        EventBusName: ref('BusName'),
        EventPattern: { source: [event.source], 'detail-type': [event.detailType] },
        Targets: [
          {
            Id: 'queue',
            Arn: getAtt(queueId(fn.key), 'Arn'),
            DeadLetterConfig: { Arn: getAtt(deadLetterQueueId(fn.key), 'Arn') },
          },
        ],
      },
      DependsOn: [`${queueId(fn.key)}Policy`, `${deadLetterQueueId(fn.key)}Policy`],
    },
  ]);
  return Object.fromEntries(rules);
}
