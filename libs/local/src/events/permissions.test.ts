import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { createEndpoint, type Endpoint } from '../endpoint/endpoint.ts';
import { createIam, type Iam } from '../iam/iam.ts';
import type { Engine } from '../kernel/engine.ts';
import type { CreatedResource } from '../kernel/resource-type.ts';
import { createLambda } from '../lambda/lambda.ts';
import { memoryStreams } from '../lambda/test-fixtures/streams.ts';
import { zip } from '../lambda/test-fixtures/zip.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { testKernel } from '../testing/kernel.ts';
import { createEvents } from './events.ts';

/** EventBridge, SQS, Lambda and IAM as they are, and a function that publishes with the credentials of its role. */
let engines: Engine[];
let iam: Iam;
let sqs: Sqs;
let endpoint: Endpoint;
let client: EventBridgeClient;
let folder: string;

const arnOf = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const [bus, queue, worker] = [arnOf('events', 'event-bus/shop'), arnOf('sqs', 'q'), arnOf('lambda', 'function:worker')];
const role = 'arn:aws:iam::000000000000:role/publisher';

const typeOf = (type: string) => engines.flatMap(({ resourceTypes }) => resourceTypes).find((each) => each.type === type)!;
const apply = (type: string, properties: Record<string, unknown>): Promise<CreatedResource> =>
  typeOf(type).apply({
    logicalId: type.replaceAll(':', ''),
    properties,
    stackName: 'shop-local',
    service: 'shop',
    packageDirectory: folder,
  });
const remove = async (type: string, physicalId: string): Promise<void> => typeOf(type).remove(physicalId);
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const lambdaTrust = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const publisher = (...statements: object[]) =>
  apply('AWS::IAM::Role', {
    RoleName: 'publisher',
    AssumeRolePolicyDocument: lambdaTrust,
    Policies: [{ PolicyName: 'p', PolicyDocument: document(...statements) }],
  });
const mayPublish = { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus };
const rule = (target: object) =>
  apply('AWS::Events::Rule', {
    EventBusName: 'shop',
    Name: 'r',
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: '1', DeadLetterConfig: { Arn: arnOf('sqs', 'dead') }, ...target }],
  });
const admitting = (name: string) => ({
  Queues: [`http://localhost:4566/000000000000/${name}`],
  PolicyDocument: document({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf('sqs', name),
    Condition: { ArnEquals: { 'aws:SourceArn': arnOf('events', 'rule/shop/r') } },
  }),
});
const publish = (): Promise<PutEventsCommandOutput> =>
  client.send(new PutEventsCommand({ Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'Sold', Detail: '{}' }] }));
const held = (name: string) => sqs.inspect(arnOf('sqs', name), 10);
const deadLetter = (): Record<string, string | undefined> => {
  const [letter, ...more] = held('dead');
  expect(more).toEqual([]);
  return Object.fromEntries(Object.entries(letter?.messageAttributes ?? {}).map(([name, { stringValue }]) => [name, stringValue]));
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larder-permissions-'));
  const kernel = testKernel({ now: Date.now });
  const iamEngine = await createIam(kernel);
  iam = iamEngine.iam;
  sqs = await createSqs(kernel, { iam });
  const lambda = await createLambda(kernel, { iam, queues: sqs.queues, streams: memoryStreams(kernel), events: () => events.events });
  const events = await createEvents(kernel, {
    lambda: () => lambda.lambda,
    queues: sqs.queues,
    topics: { publish: () => Promise.reject(new Error('no topics')) },
    machines: () => ({ start: () => '' }),
    iam,
  });
  engines = [events, lambda, sqs, iamEngine];
  endpoint = createEndpoint(kernel, { services: engines.flatMap(({ services }) => services), iam, routes: [], crash: () => undefined });
  await publisher(mayPublish);
  const credentials = iam.credentialsFor({ roleArn: role, functionName: 'publisher' });
  const port = await endpoint.listen(0);
  client = new EventBridgeClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, maxAttempts: 1 });
  await apply('AWS::Events::EventBus', { Name: 'shop' });
  for (const QueueName of ['q', 'dead']) await apply('AWS::SQS::Queue', { QueueName });
  await typeOf('AWS::SQS::QueuePolicy').apply({
    logicalId: 'DeadPolicy',
    properties: admitting('dead'),
    stackName: 'shop-local',
    service: 'shop',
    packageDirectory: folder,
  });
});
afterEach(async () => {
  client.destroy();
  await endpoint.close();
  for (const engine of engines) await engine.close();
  rmSync(folder, { recursive: true });
});

describe('publishing', () => {
  test('ends when the permission of the role is revoked, and says which is missing', async () => {
    await rule({ Arn: queue });
    await expect(publish()).resolves.toMatchObject({ FailedEntryCount: 0 });
    await publisher({ ...mayPublish, Resource: arnOf('events', 'event-bus/other') });
    await expect(publish()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: events:PutEvents on resource: ${bus}`),
    });
  });

  test('is allowed by the policy of the bus to a role that has nothing of its own', async () => {
    await publisher({ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' });
    await expect(publish()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const Statement = { Effect: 'Allow', Principal: { AWS: role }, Action: 'events:PutEvents', Resource: bus };
    const { physicalId } = await apply('AWS::Events::EventBusPolicy', { EventBusName: 'shop', StatementId: 's', Statement });
    await expect(publish()).resolves.toMatchObject({ FailedEntryCount: 0 });
    await remove('AWS::Events::EventBusPolicy', physicalId);
    await expect(publish()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is denied by the policy of the bus, whatever the role has', async () => {
    const Statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus,
      Condition: { StringEquals: { 'events:detail-type': 'Sold' } },
    };
    await apply('AWS::Events::EventBusPolicy', { EventBusName: 'shop', StatementId: 's', Statement });
    await expect(publish()).rejects.toMatchObject({ message: expect.stringContaining('an explicit deny in the policy of') });
  });
});

describe('a delivery goes straight to the dead-letter queue', () => {
  test('when the policy of its queue has been revoked meanwhile', async () => {
    const { physicalId } = await apply('AWS::SQS::QueuePolicy', admitting('q'));
    await rule({ Arn: queue });
    await publish();
    expect(held('q')).toHaveLength(1);
    await remove('AWS::SQS::QueuePolicy', physicalId);
    await expect(publish()).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(held('q')).toHaveLength(1);
    expect(deadLetter()).toMatchObject({ RULE_ARN: arnOf('events', 'rule/shop/r'), TARGET_ARN: queue, ERROR_CODE: 'NO_PERMISSIONS' });
  });

  test('when its queue has been deleted', async () => {
    await apply('AWS::SQS::QueuePolicy', admitting('q'));
    await rule({ Arn: queue });
    await remove('AWS::SQS::Queue', 'http://localhost:4566/000000000000/q');
    await expect(publish()).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(deadLetter()).toMatchObject({ TARGET_ARN: queue, ERROR_CODE: 'NO_RESOURCE' });
  });

  test('when its function no longer admits the rule, or has been deleted', async () => {
    writeFileSync(join(folder, 'worker.zip'), zip({ 'index.js': 'exports.handler = async () => 1;' }));
    await apply('AWS::Lambda::Function', {
      FunctionName: 'worker',
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: role,
      Code: { S3Bucket: 'deployment', S3Key: 'worker.zip' },
    });
    const { physicalId } = await apply('AWS::Lambda::Permission', {
      FunctionName: worker,
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('events', 'rule/shop/r'),
    });
    await rule({ Arn: worker });
    await publish();
    expect(held('dead')).toEqual([]);
    await remove('AWS::Lambda::Permission', physicalId);
    await publish();
    expect(deadLetter()).toMatchObject({ TARGET_ARN: worker, ERROR_CODE: 'NO_PERMISSIONS' });
    await sqs.queues
      .receive(arnOf('sqs', 'dead'), { max: 1, waitMs: 0 })
      .then(([letter]) => sqs.queues.delete(arnOf('sqs', 'dead'), [letter!.receiptHandle]));
    await remove('AWS::Lambda::Function', 'worker');
    await publish();
    expect(deadLetter()).toMatchObject({ TARGET_ARN: worker, ERROR_CODE: 'NO_RESOURCE' });
  });

  test('when the role of a target that is a bus has lost its permission', async () => {
    await apply('AWS::Events::EventBus', { Name: 'audit' });
    const audit = arnOf('events', 'event-bus/audit');
    const forwarding = { ...mayPublish, Resource: audit };
    await publisher(mayPublish, forwarding);
    await rule({ Arn: audit, RoleArn: role });
    await publish();
    expect(held('dead')).toEqual([]);
    await publisher(mayPublish);
    await publish();
    expect(deadLetter()).toMatchObject({ TARGET_ARN: audit, ERROR_CODE: 'NO_PERMISSIONS' });
  });
});
