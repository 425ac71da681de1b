import { AddPermissionCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createEndpoint } from '../endpoint/endpoint.ts';
import { createIam } from '../iam/iam.ts';
import type { Call } from '../kernel/call.ts';
import { functionArn, testSns, type TestSns, topicArn } from './fixture.test-support.ts';

const notices = topicArn('notices');
let cloud: TestSns;
let close: () => Promise<void>;
/** A client with the credentials of a function whose role has these statements. */
let clientOf: (...statements: object[]) => Promise<SNSClient>;

beforeEach(async () => {
  cloud = await testSns();
  const iam = await createIam(cloud.kernel);
  const endpoint = createEndpoint(cloud.kernel, { services: cloud.sns.services, iam: iam.iam, routes: cloud.sns.routes, crash: () => {} });
  const port = await endpoint.listen(0);
  const clients: SNSClient[] = [];
  clientOf = async (...Statement) => {
    const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
    const Policies = [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } }];
    const properties = { RoleName: 'teller', AssumeRolePolicyDocument: trust, Policies: Statement.length > 0 ? Policies : [] };
    await iam.resourceTypes[0]!.apply({ logicalId: 'R', properties, stackName: 's', service: 's', packageDirectory: '' });
    const credentials = iam.iam.credentialsFor({ roleArn: 'arn:aws:iam::000000000000:role/teller', functionName: 'teller' });
    const client = new SNSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  close = async () => {
    for (const client of clients) client.destroy();
    await endpoint.close();
    await cloud.close();
  };
  await cloud.topic('notices');
});
afterEach(() => close());

const publish = (client: SNSClient) => client.send(new PublishCommand({ TopicArn: notices, Message: 'hello' }));
const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: notices, ...more });

test('a function publishes when its role allows it on the topic', async () => {
  await expect(publish(await clientOf(allow('sns:Publish')))).resolves.toMatchObject({ MessageId: expect.any(String) as string });
});

test('a function is told which statement is missing, in the words of SNS', async () => {
  await expect(publish(await clientOf())).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(
      '{"Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:000000000000:notices"}',
    ) as string,
    $metadata: { httpStatusCode: 403 },
  });
});

test('a deny of the topic wins', async () => {
  const Principal = { AWS: 'arn:aws:iam::000000000000:role/teller' };
  const Statement = { Effect: 'Deny', Principal, Action: 'sns:Publish', Resource: notices };
  await cloud.apply('AWS::SNS::TopicPolicy', 'P', { Topics: [notices], PolicyDocument: { Version: '2012-10-17', Statement } });
  await expect(publish(await clientOf(allow('sns:Publish')))).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
});

test('a policy that only refuses what is not encrypted leaves it to the role', async () => {
  const Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: notices,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  await cloud.apply('AWS::SNS::TopicPolicy', 'P', { Topics: [notices], PolicyDocument: { Version: '2012-10-17', Statement } });
  await expect(publish(await clientOf(allow('sns:Publish')))).resolves.toMatchObject({ MessageId: expect.any(String) as string });
  await expect(publish(await clientOf())).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
});

test('who may subscribe by one protocol only is held to it', async () => {
  const client = await clientOf(allow('sns:Subscribe', { Condition: { StringEquals: { 'sns:Protocol': 'lambda' } } }));
  const subscribe = (Protocol: string, Endpoint: string) => client.send(new SubscribeCommand({ TopicArn: notices, Protocol, Endpoint }));
  await expect(subscribe('lambda', functionArn('f'))).resolves.toMatchObject({ SubscriptionArn: expect.any(String) as string });
  await expect(subscribe('email', 'ann@larder.test')).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
});

test('a fault sees the call as it is, and may change it', async () => {
  const client = await clientOf(allow('sns:Publish'));
  const calls: Call[] = [];
  await cloud.subscribe(notices, 'email', 'ann@larder.test');
  cloud.kernel.faults = {
    onCall: (call) => {
      calls.push(call);
      return { kind: 'replace', input: { ...call.input, Subject: 'other' } };
    },
  };
  await publish(client);
  await cloud.sns.settled();
  expect(calls).toMatchObject([{ operation: 'Publish', input: { TopicArn: notices, Message: 'hello' } }]);
  expect(cloud.mails).toMatchObject([{ subject: 'other' }]);
  cloud.kernel.faults = { onCall: () => ({ kind: 'error', code: 'Throttled', message: 'slow down', status: 429 }) };
  await expect(publish(client)).rejects.toMatchObject({ name: 'ThrottledException' });
});

test('an operation that is not there is refused by name', async () => {
  const add = new AddPermissionCommand({ TopicArn: notices, Label: 'l', AWSAccountId: ['000000000000'], ActionName: ['Publish'] });
  await expect((await clientOf()).send(add)).rejects.toMatchObject({
    name: 'InvalidAction',
    message: expect.stringMatching(/^sns has no operation 'AddPermission' here. It has: CreateTopic, /) as string,
  });
});
