import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { AwsError } from '../kernel/aws-error.ts';
import { root, testS3, type TestS3 } from './fixture.test-support.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:shop-resize';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:pictures';
let cloud: TestS3;
let client: S3Client;

beforeEach(async () => {
  cloud = await testS3();
  client = cloud.client({ credentials: root });
});
afterEach(() => cloud.close());

const tells = (NotificationConfiguration: object) => cloud.bucket('shelf', { NotificationConfiguration });
const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: 'shelf', Key, Body: '12345' }));
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};
interface Told {
  eventName: string;
  s3: { object: { key: string; sequencer: string } };
}
const recordsOf = (text: string): Told[] => (JSON.parse(text) as { Records: Told[] }).Records;

test('a function is told what was created, in the documented shape', async () => {
  await tells({ LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: FUNCTION }] });
  await put('red flower/ü.jpg');
  await until(() => cloud.invoked.length === 1);
  const [request] = cloud.invoked;
  expect(request).toMatchObject({
    functionName: FUNCTION,
    type: 'Event',
    principal: { service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::shelf' },
  });
  expect(JSON.parse(request?.payload ?? '')).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:root' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: {
          'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/) as string,
          'x-amz-id-2': expect.any(String) as string,
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: expect.any(String) as string,
          bucket: { name: 'shelf', ownerIdentity: { principalId: '000000000000' }, arn: 'arn:aws:s3:::shelf' },
          object: {
            key: 'red+flower/%C3%BC.jpg',
            size: 5,
            eTag: '827ccb0eea8a706c4c34a16891f84e7b',
            sequencer: expect.stringMatching(/^[0-9A-F]{16}$/) as string,
          },
        },
      },
    ],
  });
});

test('a topic is told what a function is', async () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:pictures';
  await tells({ TopicConfigurations: [{ Event: 's3:ObjectCreated:Put', Topic: topic }] });
  await put('a.jpg');
  await until(() => cloud.published.length === 1);
  expect(cloud.published[0]).toMatchObject({
    topicArn: topic,
    message: { subject: 'Amazon S3 Notification' },
    principal: { service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::shelf' },
  });
  expect(recordsOf(cloud.published[0]!.message.message)).toMatchObject([
    { eventName: 'ObjectCreated:Put', s3: { object: { key: 'a.jpg' } } },
  ]);
});

test('a queue is told of those events, prefixes and suffixes that it asks for', async () => {
  const Filter = {
    S3Key: {
      Rules: [
        { Name: 'prefix', Value: 'in/' },
        { Name: 'suffix', Value: '.jpg' },
      ],
    },
  };
  await tells({
    QueueConfigurations: [
      { Event: 's3:ObjectCreated:Copy', Queue: QUEUE, Filter },
      { Event: 's3:ObjectRemoved:*', Queue: QUEUE, Filter },
    ],
  });
  await put('in/a.jpg');
  const copy = (Key: string) => client.send(new CopyObjectCommand({ Bucket: 'shelf', Key, CopySource: 'shelf/in/a.jpg' }));
  for (const key of ['out/a.jpg', 'in/a.png', 'in/b.jpg']) await copy(key);
  for (const Key of ['in/a.jpg', 'in/none.jpg', 'out/a.jpg']) await client.send(new DeleteObjectCommand({ Bucket: 'shelf', Key }));
  await until(() => cloud.sent.length >= 2);
  const told = cloud.sent.flatMap(({ message }) => recordsOf(message.body));
  expect(told.map(({ eventName, s3 }) => [eventName, s3.object.key])).toEqual([
    ['ObjectCreated:Copy', 'in/b.jpg'],
    ['ObjectRemoved:Delete', 'in/a.jpg'],
  ]);
  expect(told[1]!.s3.object).toEqual({ key: 'in/a.jpg', sequencer: expect.any(String) as string });
  expect(told[0]!.s3.object.sequencer < told[1]!.s3.object.sequencer).toBe(true);
  expect(cloud.sent[0]).toMatchObject({ queueArn: QUEUE, principal: { service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::shelf' } });
});

test('EventBridge is told everything, where the bucket says so', async () => {
  await tells({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  const { url, fields } = await createPresignedPost(client, { Bucket: 'shelf', Key: 'a b.jpg' });
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob(['12345']));
  await fetch(url, { method: 'POST', body });
  await client.send(new DeleteObjectCommand({ Bucket: 'shelf', Key: 'a b.jpg' }));
  await until(() => cloud.put.length === 2);
  const [created, deleted] = cloud.put.map(({ event }) => ({ ...event, detail: JSON.parse(event.detail) as object }));
  const object = { key: 'a b.jpg', size: 5, etag: '827ccb0eea8a706c4c34a16891f84e7b' };
  expect(created).toMatchObject({
    source: 'aws.s3',
    detailType: 'Object Created',
    resources: ['arn:aws:s3:::shelf'],
    detail: {
      version: '0',
      bucket: { name: 'shelf' },
      object,
      requester: '000000000000',
      'source-ip-address': '127.0.0.1',
      reason: 'POST Object',
    },
  });
  expect(deleted).toMatchObject({
    detailType: 'Object Deleted',
    detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
  });
});

test('what a target cannot take now it is told later; what it will never take is told to the terminal', async () => {
  await tells({ LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: FUNCTION }] });
  cloud.failing = new AwsError('TooManyRequestsException', 'Rate exceeded', 429);
  await put('a');
  cloud.failing = undefined;
  await put('b');
  await until(() => cloud.invoked.length === 1);
  cloud.kernel.advance(1_000);
  await put('c');
  await until(() => cloud.invoked.length === 3);
  const keys = cloud.invoked.map(({ payload }) => recordsOf(payload)[0]?.s3.object.key);
  expect(keys.sort()).toEqual(['a', 'b', 'c']);

  cloud.failing = new AwsError('AccessDeniedException', 'no permission', 403);
  await put('d');
  await until(() => cloud.kernel.told.length > 0);
  expect(cloud.kernel.told).toContainEqual(
    expect.objectContaining({ kind: 'notice', level: 'error', message: expect.stringContaining('no permission') as string }),
  );
});

test('objects and uploads go when a lifecycle rule says so', async () => {
  await cloud.bucket('shelf', {
    LifecycleConfiguration: {
      Rules: [
        { Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 1 },
        { Status: 'Disabled', ExpirationInDays: 1 },
      ],
    },
    NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:LifecycleExpiration:*', Queue: QUEUE }] },
  });
  await put('tmp/a');
  await put('kept');
  await cloud.s3.expire();
  expect(cloud.sent).toEqual([]);
  cloud.kernel.advance(2 * 86_400_000);
  await put('tmp/new');
  await cloud.s3.expire();
  await until(() => cloud.sent.length === 1);
  expect(recordsOf(cloud.sent[0]!.message.body)).toMatchObject([
    { eventName: 'LifecycleExpiration:Delete', eventVersion: '2.3', s3: { object: { key: 'tmp/a' } } },
  ]);
});
