import { mill, only } from '../test/fixtures/words.ts';
import { publisherKey } from './service.ts';
import { toPublisher } from './publisher.ts';
import { toStreamMappings } from './to-streams.ts';
import { toTables } from './to-tables.ts';

test('a table is named, encrypted and can be restored, without saying so', () => {
  const { Sacks } = toTables(mill({}).service);
  expect(Sacks?.Properties).toMatchObject({
    TableName: 'larder-dev-mill-sacks',
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    GlobalSecondaryIndexes: [{ IndexName: 'ByDay' }],
  });
  expect(Sacks?.Properties).not.toHaveProperty('StreamSpecification');
});

test('in production a table outlives its stack; elsewhere it goes with it', () => {
  expect(toTables(mill({}, { stage: 'production' }).service)['Inbox']).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true },
  });
  const { Inbox } = toTables(mill({}).service);
  expect(Inbox).toMatchObject({ DeletionPolicy: 'Delete' });
  expect(Inbox?.Properties).not.toHaveProperty('DeletionProtectionEnabled');
});

test('what a table says itself wins', () => {
  const { service } = mill({});
  const tables = { Sacks: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'mine' } } };
  expect(toTables({ ...service, tables })['Sacks']?.Properties).toMatchObject({ TableName: 'mine', BillingMode: 'PAY_PER_REQUEST' });
});

test('a table whose changes are read has a stream', () => {
  const { service, fn } = only({ events: [{ tableChange: 'Stones' }] });
  expect(toTables(service)['Stones']?.Properties).toMatchObject({ StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } });
  expect(toStreamMappings(fn)['GrindStonesMapping']?.Properties).toMatchObject({
    EventSourceArn: { 'Fn::GetAtt': ['Stones', 'StreamArn'] },
    StartingPosition: 'TRIM_HORIZON',
  });
});

test('a record that cannot be handled does not stop its shard', () => {
  const { fn } = only({ events: [{ tableChange: 'Stones' }] });
  const properties = toStreamMappings(fn)['GrindStonesMapping']?.Properties ?? {};
  expect(properties['MaximumRetryAttempts']).toBeGreaterThan(0);
  expect(properties['MaximumRecordAgeInSeconds']).toBeLessThan(24 * 60 * 60);
  expect(properties).toMatchObject({
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] } } },
  });
});

test('the outbox and its publisher come with the first function that publishes', () => {
  expect(toTables(mill({}).service)).not.toHaveProperty('Outbox');
  expect(toPublisher(mill({}).service)).toBeUndefined();
  const { service } = only({ access: [{ publish: 'mill.FlourGround.v1' }] });
  expect(toTables(service)['Outbox']?.Properties).toMatchObject({
    KeySchema: [
      { AttributeName: 'aggregate', KeyType: 'HASH' },
      { AttributeName: 'commit', KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  const publisher = toPublisher(service);
  expect(publisher?.key).toBe(publisherKey);
  expect(publisher && toStreamMappings(publisher)['PublishOutboxOutboxMapping']?.Properties).toMatchObject({
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
  });
});

test('the inbox comes with the first function that has to remember', () => {
  const { service } = mill({});
  const forgetful = service.functions.filter(({ key }) => key === 'listFlour');
  expect(toTables({ ...service, functions: forgetful })).not.toHaveProperty('Inbox');
  expect(toTables(service)['Inbox']?.Properties).toMatchObject({ KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] });
});
