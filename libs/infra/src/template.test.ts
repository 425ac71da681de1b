import { mill, only } from '../test/fixtures/words.ts';
import type { ServiceFunction } from './service.ts';
import { takenNames, toTemplate } from './template.ts';
import { toHttpApiEvents, toHttpApiSettings, wrongOrigins } from './to-api.ts';
import { toEnvironment } from './to-environment.ts';

const { service, fn } = only({
  timeout: 20,
  events: [{ subscribe: 'farm.GrainHarvested.v1' }, { tableChange: 'Sacks' }],
  access: [
    { table: 'Sacks', may: ['read'] },
    { publish: 'mill.FlourGround.v1' },
    { secret: 'farm/api-key' },
    { parameter: 'mill/prices' },
    { call: 'farm.getField' },
  ],
});
const { Resources, Parameters } = toTemplate(service);

test('a stack knows of others only what it looks up in SSM', () => {
  expect(Object.fromEntries(Object.entries(Parameters).map(([id, { Default }]) => [id, Default]))).toEqual({
    AlarmTopicArn: '/larder/dev/platform/alarm-topic-arn',
    BusName: '/larder/dev/platform/bus-name',
    TokenIssuer: '/larder/dev/platform/token-issuer',
    TokenAudience: '/larder/dev/platform/token-audience',
    FarmApiId: '/larder/dev/farm/api-id',
  });
});

test('a service without functions adds nothing', () => {
  expect(toTemplate({ ...service, functions: [], tables: {}, buckets: {}, streams: {}, topics: {} })).toEqual({
    Resources: {},
    Parameters: {},
  });
});

test('a resource whose name the plugin gives to its own is refused, because it would be lost', () => {
  expect(takenNames(service, ['Sacks', 'Inbox', 'GrindQueue', 'Cupboard'])).toEqual([
    "resources.Resources.Inbox: the plugin writes a resource of this name; choose another, or change the plugin's in 'resources.extensions'.",
    expect.stringContaining('resources.Resources.GrindQueue: '),
  ]);
  expect(takenNames(service, ['Weights', 'WeightsStreamArnParameter'])).toEqual([
    expect.stringContaining('resources.Resources.WeightsStreamArnParameter: '),
  ]);
});

test('a bucket is private, encrypted, and in production kept', () => {
  const { Labels } = toTemplate(only({}, { stage: 'production' }).service).Resources;
  expect(Labels).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { PublicAccessBlockConfiguration: { RestrictPublicBuckets: true }, VersioningConfiguration: { Status: 'Enabled' } },
  });
  expect(toTemplate(only({}).service).Resources['Labels']).toMatchObject({ DeletionPolicy: 'Delete' });
});

test('without a platform alarms tell nobody, and what needs one is refused', () => {
  const { service: alone } = only({ access: [{ bucket: 'Labels', may: ['read'] }] }, { service: 'bakery', standalone: true });
  const { Resources: made, Parameters } = toTemplate(alone);
  expect(Parameters).toEqual({});
  expect(made['GrindErrorsAlarm']?.Properties).toMatchObject({ AlarmActions: [] });
  expect(toEnvironment(alone.functions[0] as ServiceFunction, alone)).toMatchObject({ LABELS_BUCKET: { Ref: 'Labels' } });
  expect(only({ events: [{ subscribe: 'farm.GrainHarvested.v1' }] }, { service: 'bakery', standalone: true }).problems).toEqual([
    'functions.grind: subscribes, which needs the platform; remove it, or custom.larder.standalone.',
  ]);
});

test('new objects of a bucket arrive in the queue of the function that takes them', () => {
  const { service: takes } = only({ timeout: 20, events: [{ bucketChange: 'Labels' }] });
  const { Resources: made } = toTemplate(takes);
  expect(made['Labels']).toMatchObject({
    DependsOn: ['GrindQueuePolicy'],
    Properties: {
      NotificationConfiguration: {
        QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': ['GrindQueue', 'Arn'] } }],
      },
    },
  });
  expect(made['GrindQueue']?.Properties).toMatchObject({ VisibilityTimeout: 120, RedrivePolicy: { maxReceiveCount: 5 } });
  const { PolicyDocument } = made['GrindQueuePolicy']?.Properties as { PolicyDocument: { Statement: unknown[] } };
  expect(PolicyDocument.Statement).toEqual([
    expect.objectContaining({
      Principal: { Service: 's3.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  ]);
  expect(made['GrindQueueMapping']?.Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 5 } });
  expect(JSON.stringify(made['GrindRole'])).toContain('sqs:ReceiveMessage');
  expect(Object.keys(made)).toEqual(expect.arrayContaining(['GrindDeadLetterQueue', 'GrindDeadLettersAlarm']));
  expect(toEnvironment(takes.functions.at(-1) as ServiceFunction, takes)).toMatchObject({ QUEUE_URL: { Ref: 'GrindQueue' } });
});

test('a queue takes one kind of message, and a bucket tells one queue', () => {
  expect(only({ events: [{ bucketChange: 'Labels' }, { subscribe: 'farm.GrainHarvested.v1' }] }).problems).toEqual([
    expect.stringContaining('its queue takes the changes of one bucket, or events'),
  ]);
  expect(only({ events: [{ bucketChange: 'Label' }] }).problems).toEqual([
    expect.stringContaining("'Label' is no bucket of resources.yml"),
  ]);
  const take = { events: [{ bucketChange: 'Labels' }] };
  expect(mill({ grind: take, sift: take }).problems).toEqual(['functions: grind and sift take the changes of Labels; let one of them.']);
});

test('a standalone service says what has happened to the bus that it is told of, or to nobody', () => {
  const of = (bus?: string) =>
    only({ access: [{ publish: 'mill.FlourGround.v1' }] }, { standalone: true, ...(bus !== undefined && { bus }) });
  const statements = ({ service: alone }: ReturnType<typeof of>) => JSON.stringify(toTemplate(alone).Resources['GrindRole']);
  const told = of('larder-dev');
  expect(statements(told)).toContain('event-bus/larder-dev');
  expect(toEnvironment(told.fn, told.service)).toMatchObject({ BUS_NAME: 'larder-dev' });
  expect(toTemplate(told.service).Resources).not.toHaveProperty('Outbox');
  const untold = of();
  expect(statements(untold)).not.toContain('events:');
  expect(toEnvironment(untold.fn, untold.service)).toMatchObject({ BUS_NAME: '' });
  expect(only({}, { bus: 'larder-dev' }).problems).toEqual([expect.stringContaining('custom.larder.bus: the platform has a bus')]);
});

test('a function finds distributions and the buckets of others in its environment', () => {
  const { fn: grind, service: mill } = only({ access: [{ invalidate: 'Shop' }, { foreignBuckets: 'old,older', may: ['read'] }] });
  expect(toEnvironment(grind, mill)).toEqual({ SHOP_ID: { Ref: 'Shop' }, FOREIGN_BUCKETS: 'old,older' });
});

test('a stream is encrypted and grows by itself, and who reads it gets its records, what can never succeed apart', () => {
  const { fn: reader, service: reading } = only({ events: [{ streamRecords: 'Weights' }], access: [{ produce: 'Weights' }] });
  const { Weights, GrindWeightsMapping, GrindDeadLetterQueue, GrindRole, GrindIteratorAgeAlarm } = toTemplate(reading).Resources;
  expect(Weights?.Properties).toMatchObject({
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    StreamEncryption: { EncryptionType: 'KMS' },
  });
  expect(GrindWeightsMapping?.Properties).toMatchObject({
    EventSourceArn: { 'Fn::GetAtt': ['Weights', 'Arn'] },
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] } } },
  });
  expect([GrindDeadLetterQueue, GrindIteratorAgeAlarm]).not.toContain(undefined);
  for (const action of ['kinesis:GetRecords', 'kinesis:PutRecords', 'sqs:SendMessage']) expect(JSON.stringify(GrindRole)).toContain(action);
  expect(toEnvironment(reader, reading)).toMatchObject({ WEIGHTS_STREAM: { Ref: 'Weights' } });
});

test("another service's stream is looked up by its contract, where its owner has written its ARN", () => {
  const { service: owner } = only({});
  expect(toTemplate(owner).Resources['WeightsStreamArnParameter']?.Properties).toEqual({
    Name: '/larder/dev/mill/weights-stream-arn',
    Type: 'String',
    Value: { 'Fn::GetAtt': ['Weights', 'Arn'] },
  });
  const { service: reading, problems } = only({ events: [{ streamRecords: 'farm.Rains.v1' }] });
  const { Resources: made, Parameters: asked } = toTemplate(reading);
  expect(problems).toEqual([]);
  expect(asked['FarmRainsStreamArn']?.Default).toBe('/larder/dev/farm/rains-stream-arn');
  expect(made['GrindfarmRainsv1Mapping']?.Properties).toMatchObject({ EventSourceArn: { Ref: 'FarmRainsStreamArn' } });
  expect(JSON.stringify(made['GrindRole'])).toContain('{"Ref":"FarmRainsStreamArn"}');
  expect(only({ events: [{ streamRecords: 'farm.Rain.v1' }] }).problems[0]).toMatch(/farm\.Rain\.v1 is no contract.*farm\.Rains\.v1/);
  expect(only({ events: [{ streamRecords: 'mill.Weights.v1' }] }).problems).toEqual([
    `functions.grind: mill.Weights.v1 is mill's own; name it as resources.yml does.`,
  ]);
});

test('the whole bus arrives in a queue, many events at once, by one rule that may send there', () => {
  const { service: keeping, fn: keeper } = only({ events: [{ wholeBus: true }] });
  const { Resources: made, Parameters: asked } = toTemplate(keeping);
  expect(asked['BusName']?.Default).toBe('/larder/dev/platform/bus-name');
  expect(made['GrindOnEverything']?.Properties).toMatchObject({
    Name: 'mill-grind-everything',
    EventPattern: { source: [{ prefix: '' }] },
    Targets: [
      { Arn: { 'Fn::GetAtt': ['GrindQueue', 'Arn'] }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['GrindDeadLetterQueue', 'Arn'] } } },
    ],
  });
  expect(made['GrindQueueMapping']?.Properties).toMatchObject({ BatchSize: 1000, MaximumBatchingWindowInSeconds: 5 });
  for (const policy of ['GrindQueuePolicy', 'GrindDeadLetterQueuePolicy'])
    expect(JSON.stringify(made[policy])).toContain('rule/${BusName}/mill-grind-everything');
  expect(toEnvironment(keeper, keeping)).toEqual({
    QUEUE_URL: { Ref: 'GrindQueue' },
    DEAD_LETTER_QUEUE_URL: { Ref: 'GrindDeadLetterQueue' },
  });
  expect(only({ events: [{ wholeBus: true }, { subscribe: 'farm.GrainHarvested.v1' }] }).problems).toEqual([
    'functions.grind: its queue takes the whole bus, or something else; give the other to a function of its own.',
  ]);
});

test('a function finds what it may use in its environment', () => {
  expect(toEnvironment(fn, service)).toEqual({
    SACKS_TABLE: { Ref: 'Sacks' },
    INBOX_TABLE: { Ref: 'Inbox' },
    OUTBOX_TABLE: { Ref: 'Outbox' },
    QUEUE_URL: { Ref: 'GrindQueue' },
    DEAD_LETTER_QUEUE_URL: { Ref: 'GrindDeadLetterQueue' },
    FARM_API_KEY_SECRET: '/larder/dev/farm/api-key',
    MILL_PRICES_PARAMETER: '/larder/dev/mill/prices',
  });
});

test('routes are authorized as their contract says', () => {
  const events = Object.fromEntries(mill({}).service.functions.map((route) => [route.key, toHttpApiEvents(route)]));
  expect(events).toEqual({
    listFlour: [{ httpApi: { method: 'GET', path: '/' } }],
    orderFlour: [{ httpApi: { method: 'POST', path: '/orders', authorizer: { name: 'signedIn' } } }],
    getSack: [{ httpApi: { method: 'GET', path: '/sacks/{sackId}/label', authorizer: { type: 'aws_iam' } } }],
  });
});

test('tokens are checked against the issuer and the audience of the platform', () => {
  expect(toHttpApiSettings(service, undefined)).toEqual({
    authorizers: {
      signedIn: {
        type: 'jwt',
        identitySource: '$request.header.Authorization',
        issuerUrl: { Ref: 'TokenIssuer' },
        audience: [{ Ref: 'TokenAudience' }],
      },
    },
  });
});

test('no page of another origin may call, unless it is named', () => {
  expect(toHttpApiSettings(service, undefined)).not.toHaveProperty('cors');
  expect(toHttpApiSettings(service, ['https://shop.example'])).toMatchObject({ cors: { allowedOrigins: ['https://shop.example'] } });
});

test('an origin is no page and no wildcard', () => {
  expect(wrongOrigins(['https://shop.example', 'http://localhost:4000'])).toEqual([]);
  expect(wrongOrigins(['https://shop.example/', '*'])).toEqual([
    "custom.larder.cors[0]: 'https://shop.example/' is no origin; write scheme and host, without a path, as in 'https://shop.example'.",
    expect.stringContaining("custom.larder.cors[1]: '*' is no origin"),
  ]);
});

test('a service with routes is found through SSM, and is throttled', () => {
  expect(Resources).toMatchObject({
    ApiUrlParameter: { Properties: { Name: '/larder/dev/mill/api-url', Value: { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] } } },
    ApiIdParameter: { Properties: { Name: '/larder/dev/mill/api-id', Value: { Ref: 'HttpApi' } } },
    HttpApiStage: { Properties: { DefaultRouteSettings: { ThrottlingRateLimit: expect.any(Number) as number } } },
  });
});

test('each function has the alarms that concern it, and each alarm tells someone', () => {
  const alarms = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  expect(alarms.map(([id]) => id).filter((id) => id.startsWith('Grind'))).toEqual([
    'GrindErrorsAlarm',
    'GrindThrottlesAlarm',
    'GrindDurationAlarm',
    'GrindIteratorAgeAlarm',
    'GrindDeadLettersAlarm',
  ]);
  expect(alarms.map(([id]) => id).filter((id) => id.startsWith('GetSack'))).toHaveLength(3);
  expect(alarms.map(([id]) => id)).toContain('ApiErrorsAlarm');
  for (const [, { Properties }] of alarms) expect(Properties).toMatchObject({ AlarmActions: [{ Ref: 'AlarmTopicArn' }] });
});

test('a function alarms when it comes near its timeout', () => {
  expect(Resources['GrindDurationAlarm']?.Properties).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 16_000 });
});

test('a dashboard is called so in one region only, because all regions share their names', () => {
  expect(Resources['Dashboard']?.Properties).toMatchObject({ DashboardName: 'mill-dev-eu-west-1' });
});

test('the dashboard is one page of JSON that shows every function and queue', () => {
  const body = Resources['Dashboard']?.Properties?.['DashboardBody'] as { 'Fn::Sub': string };
  const { widgets } = JSON.parse(body['Fn::Sub']) as {
    widgets: { x: number; y: number; properties: { title: string; metrics: unknown[][] } }[];
  };
  expect(widgets.map(({ properties }) => properties.title)).toEqual([
    'Requests',
    'Failed requests',
    'Latency (ms)',
    'Invocations',
    'Errors',
    'Duration, p99 (ms)',
    'Messages waiting',
    'Age of the oldest message (s)',
    'Dead letters',
    'Behind the stream (ms)',
  ]);
  expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
  expect(widgets[3]?.properties.metrics.map((metric) => metric[3])).toEqual(service.functions.map(({ name }) => name));
});
