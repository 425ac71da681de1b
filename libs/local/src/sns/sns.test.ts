import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { AwsError } from '../kernel/aws-error.ts';
import { runAndKill } from '../testing/killed.ts';
import { functionArn, queueArn, testSns, type TestSns, topicArn } from './fixture.test-support.ts';

let cloud: TestSns;
let notices: string;
beforeEach(async () => {
  cloud = await testSns();
  notices = await cloud.topic('notices');
});
afterEach(() => cloud.close());

const publish = (input: Partial<PublishCommandInput> = {}) =>
  cloud.client.send(new PublishCommand({ TopicArn: notices, Message: 'hello', ...input }));
const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });
const drops = () => cloud.kernel.told.filter((each) => each.kind === 'notice').map(({ message }) => message);

describe('deliveries', () => {
  test('a message goes to every queue that subscribes, in the documented envelope', async () => {
    const queues = [await cloud.queue('one'), await cloud.queue('two')];
    const subscriptions = [];
    for (const queue of queues) subscriptions.push(await cloud.subscribe(notices, 'sqs', queue));
    const { MessageId } = await publish({ Subject: 'Schema changed', Message: 'crème 🍮', MessageAttributes: { kind: text('schema') } });
    for (const [index, queue] of queues.entries()) {
      const messages = await cloud.receive(queue);
      expect(messages.map(({ Body }) => JSON.parse(Body!) as unknown)).toEqual([
        {
          Type: 'Notification',
          MessageId,
          TopicArn: notices,
          Subject: 'Schema changed',
          Message: 'crème 🍮',
          Timestamp: '2026-01-05T12:00:00.000Z',
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertURL: expect.any(String),
          UnsubscribeURL: expect.stringContaining(encodeURIComponent(subscriptions[index]!)),
          MessageAttributes: { kind: { Type: 'String', Value: 'schema' } },
        },
      ]);
      expect(messages[0]?.MessageAttributes).toBeUndefined();
    }
  });

  test('raw, a queue gets the message as it is, with its attributes', async () => {
    const queue = await cloud.queue('raw');
    await cloud.subscribe(notices, 'sqs', queue, { RawMessageDelivery: 'true' });
    await publish({ MessageAttributes: { kind: text('schema'), bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) } } });
    expect(await cloud.receive(queue)).toMatchObject([
      { Body: 'hello', MessageAttributes: { kind: { StringValue: 'schema' }, bytes: { BinaryValue: new Uint8Array([1, 2]) } } },
    ]);
  });

  test('a function is invoked as the topic, with the documented event', async () => {
    const subscription = await cloud.subscribe(notices, 'lambda', functionArn('tell'));
    await publish({ MessageStructure: 'json', Message: JSON.stringify({ default: 'all', lambda: 'only you' }) });
    await cloud.sns.settled();
    expect(cloud.invoked).toMatchObject([
      { functionName: functionArn('tell'), type: 'Event', principal: { service: 'sns.amazonaws.com', sourceArn: notices } },
    ]);
    expect(JSON.parse(cloud.invoked[0]!.payload)).toMatchObject({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: subscription,
          Sns: { Type: 'Notification', TopicArn: notices, Subject: null, Message: 'only you', MessageAttributes: {} },
        },
      ],
    });
  });

  test('an address gets a mail', async () => {
    await cloud.subscribe(notices, 'email', 'ann@larder.test');
    await publish({ Subject: 'Ingest failed' });
    await cloud.sns.settled();
    expect(cloud.mails).toMatchObject([{ to: 'ann@larder.test', subject: 'Ingest failed', text: expect.stringMatching(/^hello\n/) }]);
  });

  test.each([
    ['attributes', { FilterPolicy: '{"severity":["high"]}' }],
    ['the body', { FilterPolicy: '{"rule":{"severity":["high"]}}', FilterPolicyScope: 'MessageBody' }],
  ])('a filter policy on %s lets through what it asks for', async (_, attributes) => {
    const queue = await cloud.queue('some');
    await cloud.subscribe(notices, 'sqs', queue, { RawMessageDelivery: 'true', ...attributes });
    for (const severity of ['low', 'high']) {
      await publish({ Message: JSON.stringify({ rule: { severity } }), MessageAttributes: { severity: text(severity) } });
    }
    await publish({ Message: 'no JSON' });
    expect((await cloud.receive(queue)).map(({ Body }) => Body)).toEqual(['{"rule":{"severity":"high"}}']);
  });

  test('a batch takes each message for itself', async () => {
    const queue = await cloud.queue('one');
    await cloud.subscribe(notices, 'sqs', queue, { RawMessageDelivery: 'true' });
    const entries = [
      { Id: 'a', Message: 'first' },
      { Id: 'b', Message: '' },
      { Id: 'c', Message: 'third' },
    ];
    const { Successful, Failed } = await cloud.client.send(
      new PublishBatchCommand({ TopicArn: notices, PublishBatchRequestEntries: entries }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }]);
    expect((await cloud.receive(queue)).map(({ Body }) => Body).sort()).toEqual(['first', 'third']);
  });
});

describe('what cannot be delivered', () => {
  const withDeadLetters = async () => ({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await cloud.queue('dead') }) });

  test('goes to the dead-letter queue at once when the queue does not admit the topic', async () => {
    await cloud.queue('closed', { Policy: '' });
    await cloud.subscribe(notices, 'sqs', queueArn('closed'), await withDeadLetters());
    await publish();
    expect(await cloud.receive(queueArn('dead'))).toMatchObject([{ Body: expect.stringContaining('"Message":"hello"') as string }]);
    expect(await cloud.receive(queueArn('closed'))).toEqual([]);
  });

  test('is told, and dropped, when there is no dead-letter queue', async () => {
    await cloud.subscribe(notices, 'sqs', queueArn('gone'));
    await publish();
    await cloud.sns.settled();
    expect(drops()).toEqual([expect.stringMatching(/^SNS: message .* was dropped: .*gone was not given it. NO_RESOURCE/)]);
    expect(cloud.sns.topics.describe(notices)).toEqual({ subscriptions: 1, waiting: 0 });
  });

  test('is tried again while the fault may pass, and comes then', async () => {
    await cloud.subscribe(notices, 'lambda', functionArn('tell'));
    cloud.failing = new AwsError('ServiceException', 'not yet', 503);
    await publish();
    await cloud.sns.settled();
    expect(cloud.sns.topics.describe(notices)?.waiting).toBe(1);
    cloud.failing = undefined;
    await cloud.advance(999);
    expect(cloud.invoked).toEqual([]);
    await cloud.advance(1);
    expect(cloud.invoked).toHaveLength(1);
    expect(cloud.sns.topics.describe(notices)?.waiting).toBe(0);
  });

  test('is told no more to who has unsubscribed meanwhile', async () => {
    const SubscriptionArn = await cloud.subscribe(notices, 'lambda', functionArn('tell'));
    cloud.failing = new AwsError('ServiceException', 'not yet', 503);
    await publish();
    await cloud.sns.settled();
    await cloud.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    cloud.failing = undefined;
    await cloud.advance(60_000);
    expect([cloud.invoked.length, cloud.sns.topics.describe(notices)?.waiting]).toEqual([0, 0]);
  });
});

describe('an HTTP endpoint', () => {
  let seen: { headers: IncomingMessage['headers']; body: string }[];
  let status: number;
  let url: string;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`;
  });
  afterAll(() => new Promise((closed) => server.close(closed).closeAllConnections()));
  beforeEach(() => {
    seen = [];
    status = 200;
  });
  const confirm = async () => {
    await cloud.sns.settled();
    const query = new URL((JSON.parse(seen.at(-1)!.body) as { SubscribeURL: string }).SubscribeURL).searchParams;
    const link = { method: 'GET', path: '/_aws/sns', params: {}, headers: {}, body: Buffer.alloc(0), signal: new AbortController().signal };
    return cloud.sns.routes[0]!.handle({ ...link, query });
  };

  test('is told nothing before it has confirmed, and then is', async () => {
    const subscription = await cloud.subscribe(notices, 'http', url);
    await publish({ Message: 'too early' });
    await confirm();
    await publish();
    await cloud.sns.settled();
    expect(seen.map(({ headers }) => headers['x-amz-sns-message-type'])).toEqual(['SubscriptionConfirmation', 'Notification']);
    expect(seen[1]?.headers).toMatchObject({ 'x-amz-sns-topic-arn': notices, 'x-amz-sns-subscription-arn': subscription });
    expect(JSON.parse(seen[1]!.body)).toMatchObject({ Type: 'Notification', Message: 'hello' });
  });

  test('that fails is tried three times more, 20 seconds apart, and that is the end of it', async () => {
    await cloud.subscribe(notices, 'http', url, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await cloud.queue('dead') }) });
    await confirm();
    seen = [];
    status = 500;
    await publish();
    await cloud.advance(19_999);
    expect(seen).toHaveLength(1);
    await cloud.advance(1);
    expect(seen).toHaveLength(2);
    for (let n = 0; n < 5; n += 1) await cloud.advance(20_000);
    expect(seen).toHaveLength(4);
    expect(await cloud.receive(queueArn('dead'))).toHaveLength(1);
  });

  test('that refuses with 4xx has had its message', async () => {
    await cloud.subscribe(notices, 'http', url);
    await confirm();
    status = 403;
    await publish();
    await cloud.advance(600_000);
    expect(seen).toHaveLength(2);
  });
});

describe('a restart', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'sns-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('loses no topic, no subscription and no delivery that waited', async () => {
    const before = await testSns(directory);
    await before.topic('kept');
    await before.subscribe(topicArn('kept'), 'lambda', functionArn('tell'));
    before.failing = new AwsError('ServiceException', 'ending', 503);
    await before.client.send(new PublishCommand({ TopicArn: topicArn('kept'), Message: 'kept' }));
    await before.close();
    const after = await testSns(directory);
    await after.advance(2_000);
    expect(after.invoked.map(({ payload }) => (JSON.parse(payload) as { Records: object[] }).Records)).toMatchObject([
      [{ Sns: { Message: 'kept' } }],
    ]);
    await after.close();
  });

  test('after a kill -9 gives what was accepted', async () => {
    runAndKill(
      import.meta.url,
      directory,
      `
      const { createSns } = await load('./sns.ts');
      const kernel = { region: 'us-east-1', accountId: '000000000000', partition: 'aws', stateDirectory: directory, now: Date.now, tell() {} };
      const never = { invoke: () => new Promise(() => {}) };
      const sns = await createSns(kernel, { lambda: () => never, queues: {}, mail: {}, iam: {} });
      const request = { logicalId: 'T', stackName: 's', service: 's', packageDirectory: '' };
      const subscription = [{ Protocol: 'lambda', Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:tell' }];
      await sns.resourceTypes[0].apply({ ...request, properties: { TopicName: 'kept', Subscription: subscription } });
      await sns.topics.publish('arn:aws:sns:us-east-1:000000000000:kept', { message: 'accepted' });`,
    );
    const after = await testSns(directory);
    after.kernel.time = Date.now() + 1_000;
    await after.sns.settled();
    expect(after.invoked).toHaveLength(1);
    await after.close();
  });
});

describe('the API', () => {
  test('making a topic again answers the same one, unless something differs', async () => {
    expect(await cloud.topic('notices')).toBe(notices);
    const different = cloud.client.send(new CreateTopicCommand({ Name: 'notices', Attributes: { DisplayName: 'Larder' } }));
    await expect(different).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('lists topics and subscriptions, and describes them', async () => {
    const subscription = await cloud.subscribe(notices, 'sqs', queueArn('one'), { RawMessageDelivery: 'true' });
    expect((await cloud.client.send(new ListTopicsCommand())).Topics).toEqual([{ TopicArn: notices }]);
    const listed = { SubscriptionArn: subscription, Protocol: 'sqs', Endpoint: queueArn('one'), TopicArn: notices, Owner: '000000000000' };
    expect((await cloud.client.send(new ListSubscriptionsCommand())).Subscriptions).toEqual([listed]);
    expect((await cloud.client.send(new ListSubscriptionsByTopicCommand({ TopicArn: notices }))).Subscriptions).toEqual([listed]);
    const { Attributes } = await cloud.client.send(new GetTopicAttributesCommand({ TopicArn: notices }));
    expect(Attributes).toMatchObject({ TopicArn: notices, SubscriptionsConfirmed: '1', SubscriptionsPending: '0' });
    const described = await cloud.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription }));
    expect(described.Attributes).toMatchObject({ RawMessageDelivery: 'true', PendingConfirmation: 'false', Endpoint: queueArn('one') });
  });

  test('pages of topics lead to all of them', async () => {
    for (let n = 0; n < 120; n += 1) await cloud.topic(`topic-${n}`);
    const first = await cloud.client.send(new ListTopicsCommand());
    const second = await cloud.client.send(new ListTopicsCommand({ NextToken: first.NextToken! }));
    expect([first.Topics?.length, second.Topics?.length, second.NextToken]).toEqual([100, 21, undefined]);
  });

  test('changes attributes and tags', async () => {
    await cloud.client.send(
      new SetTopicAttributesCommand({ TopicArn: notices, AttributeName: 'DisplayName', AttributeValue: 'Larder <1>' }),
    );
    expect((await cloud.client.send(new GetTopicAttributesCommand({ TopicArn: notices }))).Attributes?.['DisplayName']).toBe('Larder <1>');
    await cloud.client.send(new TagResourceCommand({ ResourceArn: notices, Tags: [{ Key: 'owner', Value: 'lake' }] }));
    expect((await cloud.client.send(new ListTagsForResourceCommand({ ResourceArn: notices }))).Tags).toEqual([
      { Key: 'owner', Value: 'lake' },
    ]);
    const queue = await cloud.queue('one');
    const SubscriptionArn = await cloud.subscribe(notices, 'sqs', queue);
    const change = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{"kind":["schema"]}' };
    await cloud.client.send(new SetSubscriptionAttributesCommand(change));
    await publish();
    expect(await cloud.receive(queue)).toEqual([]);
  });

  test('a topic takes its subscriptions with it', async () => {
    await cloud.subscribe(notices, 'sqs', queueArn('one'));
    await cloud.client.send(new DeleteTopicCommand({ TopicArn: notices }));
    expect((await cloud.client.send(new ListSubscriptionsCommand())).Subscriptions).toEqual([]);
    await expect(publish()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test.each<[string, Partial<PublishCommandInput>, string]>([
    ['an empty message', { Message: '' }, 'InvalidParameterException'],
    ['a message over 256 KiB', { Message: 'x'.repeat(262_145) }, 'InvalidParameterException'],
    [
      'a message that is too long with its attributes',
      { Message: 'x'.repeat(262_140), MessageAttributes: { kind: text('schema') } },
      'InvalidParameterException',
    ],
    ['a subject of two lines', { Subject: 'a\nb' }, 'InvalidParameterException'],
    ['a subject of 101 characters', { Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
    ['a subject that is not ASCII', { Subject: 'crème' }, 'InvalidParameterException'],
    ['an attribute without a value', { MessageAttributes: { kind: text('') } }, 'InvalidParameterValueException'],
    ['a number that is none', { MessageAttributes: { kind: text('many', 'Number') } }, 'InvalidParameterValueException'],
    ['texts without a default', { MessageStructure: 'json', Message: '{"sqs":"x"}' }, 'InvalidParameterException'],
    ['a topic that is not there', { TopicArn: topicArn('none') }, 'NotFoundException'],
    ['a telephone', { TopicArn: undefined, PhoneNumber: '+49123' }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, name) => {
    await expect(publish(input)).rejects.toMatchObject({ name });
  });

  test('takes a message of 256 KiB', async () => {
    expect(await publish({ Message: 'x'.repeat(262_144) })).toMatchObject({ MessageId: expect.any(String) as string });
  });

  test.each([
    ['a FIFO topic', () => cloud.client.send(new CreateTopicCommand({ Name: 'a.fifo', Attributes: { FifoTopic: 'true' } }))],
    ['a telephone number', () => cloud.subscribe(notices, 'sms', '+49123')],
    ['a FIFO queue', () => cloud.subscribe(notices, 'sqs', queueArn('a.fifo'))],
    ['an endpoint of another protocol', () => cloud.subscribe(notices, 'sqs', functionArn('f'))],
    ['a filter policy that is no JSON', () => cloud.subscribe(notices, 'sqs', queueArn('q'), { FilterPolicy: '{' })],
    ['a dead-letter queue that is none', () => cloud.subscribe(notices, 'sqs', queueArn('q'), { RedrivePolicy: '{}' })],
    ['an attribute that nobody knows', () => cloud.subscribe(notices, 'sqs', queueArn('q'), { Colour: 'red' })],
  ])('refuses %s', async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
