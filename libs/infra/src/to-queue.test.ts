import { only } from '../test/fixtures/words.ts';
import { toDeadLetterQueue, toSubscription } from './to-queue.ts';

const { fn, service } = only({
  timeout: 20,
  events: [{ subscribe: { event: 'farm.GrainHarvested.v1', maxReceiveCount: 3, concurrency: 4 } }, { subscribe: 'mill.FlourSold.v1' }],
});
const resources = toSubscription(fn, service);

test('a function that subscribes to nothing has no queue', () => {
  const bare = only({});
  expect(toSubscription(bare.fn, bare.service)).toEqual({});
  expect(toDeadLetterQueue(bare.fn)).toEqual({});
});

test('the queue hides a message for six times the timeout, is encrypted, and gives up after the tries that were asked for', () => {
  expect(resources['GrindQueue']?.Properties).toMatchObject({
    QueueName: 'mill-dev-grind',
    VisibilityTimeout: 120,
    SqsManagedSseEnabled: true,
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] }, maxReceiveCount: 3 },
  });
});

test('dead letters are kept for fourteen days', () => {
  expect(toDeadLetterQueue(fn)['GrindDeadLetterQueue']?.Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
});

test('each event has a rule that matches it and nothing else, and whose failures are not lost', () => {
  expect(resources['GrindOnFarmGrainHarvestedv1']?.Properties).toMatchObject({
    Name: 'mill-grind-GrainHarvested.v1',
    EventBusName: { Ref: 'BusName' },
    EventPattern: { source: ['larder.farm'], 'detail-type': ['GrainHarvested.v1'] },
    Targets: [
      { Arn: { 'Fn::GetAtt': ['GrindQueue', 'Arn'] }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] } } },
    ],
  });
  expect(resources['GrindOnMillFlourSoldv1']?.Properties).toMatchObject({ EventPattern: { source: ['larder.mill'] } });
});

test.each(['GrindQueue', 'GrindDeadLetterQueue'])('%s admits the rules of its function, before they exist', (queue) => {
  const policy = resources[`${queue}Policy`];
  expect(policy?.Properties).toMatchObject({
    Queues: [{ Ref: queue }],
    PolicyDocument: {
      Statement: [
        {
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
          Condition: {
            ArnEquals: {
              'aws:SourceArn': ['mill-grind-GrainHarvested.v1', 'mill-grind-FlourSold.v1'].map((rule) => ({
                'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/\${BusName}/${rule}`,
              })),
            },
          },
        },
      ],
    },
  });
  expect(resources['GrindOnFarmGrainHarvestedv1']?.DependsOn).toContain(`${queue}Policy`);
});

test('the mapping reports partial failures and holds to the concurrency', () => {
  expect(resources['GrindQueueMapping']?.Properties).toMatchObject({
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 4 },
  });
});
