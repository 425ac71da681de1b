import { only, routes } from '../test/fixtures/words.ts';
import type { FunctionConfig } from './osls.ts';
import { toPublisher } from './publisher.ts';
import { toRole, toStatements } from './to-role.ts';

/** What every function may do. */
const common = [
  { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [{ 'Fn::GetAtt': ['GrindLogGroup', 'Arn'] }] },
  { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
];

function statementsOf(config: FunctionConfig): unknown[] {
  const { fn, service, problems } = only(config);
  expect(problems).toEqual([]);
  return toStatements(fn, service);
}

test('a function without words may write its log and its traces', () => {
  expect(statementsOf({})).toEqual(common);
});

test('reading a table is reading it and its indexes, and not scanning', () => {
  expect(statementsOf({ access: [{ table: 'Sacks', may: ['read'] }] })).toEqual([
    ...common,
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      Resource: [{ 'Fn::GetAtt': ['Sacks', 'Arn'] }, { 'Fn::Sub': '${Sacks.Arn}/index/*' }],
    },
  ]);
});

test('writing a table is no reading of it, nor of its indexes', () => {
  expect(statementsOf({ access: [{ table: 'Sacks', may: ['write'] }] })).toEqual([
    ...common,
    {
      Effect: 'Allow',
      Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
      Resource: [{ 'Fn::GetAtt': ['Sacks', 'Arn'] }],
    },
  ]);
});

test('scanning has to be asked for', () => {
  expect(statementsOf({ access: [{ table: 'Stones', may: ['scan'] }] })).toEqual([
    ...common,
    { Effect: 'Allow', Action: ['dynamodb:Scan'], Resource: [{ 'Fn::GetAtt': ['Stones', 'Arn'] }] },
  ]);
});

test('a subscriber may empty its queue, fill its dead-letter queue, and remember what it did', () => {
  expect(statementsOf({ events: [{ subscribe: 'farm.GrainHarvested.v1' }] })).toEqual([
    ...common,
    {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      Resource: [{ 'Fn::GetAtt': ['GrindQueue', 'Arn'] }],
    },
    { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [{ 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] }] },
    { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [{ 'Fn::GetAtt': ['Inbox', 'Arn'] }] },
  ]);
});

test('a publisher may put into the outbox, and not onto the bus', () => {
  expect(statementsOf({ access: [{ publish: 'mill.FlourGround.v1' }] })).toEqual([
    ...common,
    { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [{ 'Fn::GetAtt': ['Outbox', 'Arn'] }] },
  ]);
});

test('buckets of others are read and listed by their names, and there may be none', () => {
  const of = (foreignBuckets: string) => statementsOf({ access: [{ foreignBuckets, may: ['read', 'list'] }] });
  expect(of('old-photos')).toEqual([
    ...common,
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:s3:::old-photos' }] },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:s3:::old-photos/*' }] },
  ]);
  expect(of('old-photos,older')).toHaveLength(6);
  expect(of('')).toEqual(common);
});

test('pictures are recognised in as they are said to be, and a distribution is invalidated', () => {
  expect(statementsOf({ access: [{ recognise: 'faces' }, { invalidate: 'Shop' }] })).toEqual([
    ...common,
    { Effect: 'Allow', Action: ['rekognition:DetectFaces'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['cloudfront:CreateInvalidation'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Shop}' }],
    },
  ]);
});

test('calls are allowed for exactly the called routes, whatever the parameters in their paths', () => {
  expect(statementsOf({ access: [{ call: 'farm.getField' }, { call: 'farm.getWeather' }] })).toEqual([
    ...common,
    {
      Effect: 'Allow',
      Action: ['execute-api:Invoke'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${FarmApiId}/$default/GET/fields/*' }],
    },
    {
      Effect: 'Allow',
      Action: ['ssm:GetParameter'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/larder/dev/farm/api-url' }],
    },
  ]);
});

test('a call of a route with a key needs no permission but to find the service', () => {
  const actions = statementsOf({ access: [{ call: 'farm.getWeather' }] }).flatMap((one) => (one as { Action: string[] }).Action);
  expect(actions).not.toContain('execute-api:Invoke');
  expect(actions).toContain('ssm:GetParameter');
});

test('secrets, parameters and email are allowed by name', () => {
  const access = [{ secret: 'farm/api-key' }, { parameter: 'mill/prices' }, { email: 'send' }] as const;
  expect(statementsOf({ access })).toEqual([
    ...common,
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [
        { 'Fn::Sub': 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:/larder/dev/farm/api-key-??????' },
      ],
    },
    {
      Effect: 'Allow',
      Action: ['ssm:GetParameter'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/larder/dev/mill/prices' }],
    },
    {
      Effect: 'Allow',
      Action: ['ses:SendEmail'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*' }],
    },
  ]);
});

test('a route with an idempotency key may read its memory as well as write it', () => {
  const { service } = only({});
  const fn = service.functions.find(({ key }) => key in routes && key === 'orderFlour');
  expect(fn && toStatements(fn, service).slice(2)).toEqual([
    { Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:GetItem'], Resource: [{ 'Fn::GetAtt': ['Inbox', 'Arn'] }] },
  ]);
});

test('a bucket is listed as a whole, and read and written by object', () => {
  expect(statementsOf({ access: [{ bucket: 'Labels', may: ['list', 'read', 'delete'] }] })).toEqual([
    ...common,
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [{ 'Fn::GetAtt': ['Labels', 'Arn'] }] },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:DeleteObject'], Resource: [{ 'Fn::Sub': '${Labels.Arn}/*' }] },
  ]);
});

test('a function that publishes what changed in a table remembers the change, and one that only looks does not', () => {
  const inbox = { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [{ 'Fn::GetAtt': ['Inbox', 'Arn'] }] };
  expect(statementsOf({ events: [{ tableChange: 'Sacks' }], access: [{ publish: 'mill.FlourSold.v1' }] })).toContainEqual(inbox);
  expect(statementsOf({ events: [{ tableChange: 'Sacks' }] })).not.toContainEqual(inbox);
});

test('the publisher of the outbox reads its stream and puts onto the one bus', () => {
  const { service } = only({ access: [{ publish: 'mill.FlourGround.v1' }] });
  const publisher = toPublisher(service);
  expect(publisher && toStatements(publisher, service).slice(2)).toEqual([
    {
      Effect: 'Allow',
      Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      Resource: [{ 'Fn::GetAtt': ['Outbox', 'StreamArn'] }],
    },
    { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [{ 'Fn::GetAtt': ['PublishOutboxDeadLetterQueue', 'Arn'] }] },
    {
      Effect: 'Allow',
      Action: ['events:PutEvents'],
      Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${BusName}' }],
    },
  ]);
});

test('a role is named after its function and its region, and only Lambda may take it', () => {
  const { fn, service } = only({});
  expect(toRole(fn, service)['GrindRole']?.Properties).toMatchObject({
    RoleName: 'mill-dev-grind-eu-west-1',
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] },
  });
});
