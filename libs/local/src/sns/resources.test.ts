import { ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { functionArn, queueArn, testSns, type TestSns, topicArn } from './fixture.test-support.ts';

let cloud: TestSns;
beforeEach(async () => void (cloud = await testSns()));
afterEach(() => cloud.close());

const topic = (properties: object = {}) => cloud.apply('AWS::SNS::Topic', 'Notices', { TopicName: 'notices', ...properties });
const subscription = (properties: object = {}) =>
  cloud.apply('AWS::SNS::Subscription', 'Tell', { TopicArn: topicArn('notices'), Protocol: 'sqs', Endpoint: queueArn('q'), ...properties });
const endpoints = async () =>
  (await cloud.client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn('notices') }))).Subscriptions?.map(
    ({ Endpoint }) => Endpoint,
  );
const events = { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r' };
const fromRule = () => cloud.sns.topics.publish(topicArn('notices'), { message: 'x' }, events);

test('Ref of a topic is its ARN, and a topic without a name gets the same one at every start', async () => {
  expect(await topic()).toBe(topicArn('notices'));
  const generated = await topic({ TopicName: undefined });
  expect(generated).toMatch(/:lake-Notices-[0-9A-F]{12}$/);
  expect(await topic({ TopicName: undefined })).toBe(generated);
});

test('subscriptions that leave the property of their topic end, others stay', async () => {
  await topic({ Subscription: ['one', 'two'].map((name) => ({ Protocol: 'lambda', Endpoint: functionArn(name) })) });
  await cloud.subscribe(topicArn('notices'), 'lambda', functionArn('other'));
  await topic({ Subscription: [{ Protocol: 'lambda', Endpoint: functionArn('two') }] });
  expect(await endpoints()).toEqual([functionArn('two'), functionArn('other')]);
});

test('a subscription keeps its ARN when its attributes change, and loses those that are not said any more', async () => {
  await topic();
  const queue = await cloud.queue('q');
  const first = await subscription({ RawMessageDelivery: true, FilterPolicy: { kind: ['schema'] } });
  expect(await subscription({ RawMessageDelivery: 'true' })).toBe(first);
  await cloud.client.send(new PublishCommand({ TopicArn: topicArn('notices'), Message: 'for all' }));
  expect(await cloud.receive(queue)).toMatchObject([{ Body: 'for all' }]);
  await cloud.remove('AWS::SNS::Subscription', first);
  expect(await endpoints()).toEqual([]);
});

test('services publish where the policy of the topic admits them, and until it is removed', async () => {
  await topic();
  const refused = { code: 'AuthorizationError', status: 403 };
  await expect(fromRule()).rejects.toMatchObject(refused);
  const Statement = { Effect: 'Allow', Principal: { Service: events.service }, Action: 'sns:Publish', Resource: topicArn('notices') };
  const policy = { Topics: [topicArn('notices')], PolicyDocument: { Version: '2012-10-17', Statement: [Statement] } };
  const id = await cloud.apply('AWS::SNS::TopicPolicy', 'Policy', policy);
  await fromRule();
  // The topic is applied again at every start, and its policy is another resource.
  await topic();
  await fromRule();
  await cloud.remove('AWS::SNS::TopicPolicy', id);
  await expect(fromRule()).rejects.toMatchObject(refused);
});

test('a FIFO topic is refused with a sentence', async () => {
  await expect(topic({ FifoTopic: true })).rejects.toThrow(/FIFO topics do not run on the laptop cloud/);
  await topic({ FifoTopic: false });
});
