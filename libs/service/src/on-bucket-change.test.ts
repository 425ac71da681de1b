import { capturingLogs, contextOf, sqsRecord } from './aws-events.fixture.ts';
import { Unprocessable } from './errors.ts';
import { bucketReceiver, type NewObject } from './on-bucket-change.ts';

/** As S3 documents it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const notice = (key: string) =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-west-1',
        eventTime: '2026-11-02T09:30:01.000Z',
        eventName: 'ObjectCreated:Post',
        responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'uploads',
          bucket: { name: 'images-uploads', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::images-uploads' },
          object: { key, size: 1024, eTag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '0055AED6DCD90281E5' },
        },
      },
    ],
  });

function world(rule: (object: NewObject) => Promise<unknown>) {
  const buried: unknown[] = [];
  const handler = bucketReceiver({ queue: { deadLetter: async (record, reason) => void buried.push([record.body, reason.code]) } })(rule);
  const run = async (...bodies: string[]) => {
    const Records = bodies.map((body) => sqsRecord(body));
    let failures: string[] = [];
    await capturingLogs(async () => {
      const answer = await handler({ Records }, contextOf());
      failures = answer.batchItemFailures.map(
        ({ itemIdentifier }) => bodies[Records.findIndex(({ messageId }) => messageId === itemIdentifier)]!,
      );
    });
    return failures;
  };
  return { run, buried };
}

describe('onBucketChange', () => {
  it('hands over an object by its own name, with what it follows from', async () => {
    const seen: NewObject[] = [];
    const { run } = world(async (object) => seen.push(object));
    expect(await run(notice('products/pear+%C3%BC%2B.jpg'))).toEqual([]);
    expect(seen).toEqual([
      {
        bucket: 'images-uploads',
        key: 'products/pear ü+.jpg',
        bytes: 1024,
        etag: 'd41d8cd98f00b204e9800998ecf8427e',
        time: new Date('2026-11-02T09:30:01.000Z'),
        cause: expect.objectContaining({ causationId: 'C3D13FE58DE4C810' }),
      },
    ]);
  });

  it('gives back what failed, and nothing else', async () => {
    const { run, buried } = world(async ({ key }) => {
      if (key === 'b') throw new Error('Not now');
    });
    expect(await run(notice('a'), notice('b'), notice('c'))).toEqual([notice('b')]);
    expect(buried).toEqual([]);
  });

  it('puts aside what can never succeed, with the reason', async () => {
    const { run, buried } = world(async () => {
      throw new Unprocessable('Never');
    });
    expect(await run('no JSON', '{"Records":[{}]}', notice('a'))).toEqual([]);
    expect(buried).toEqual(['no JSON', '{"Records":[{}]}', notice('a')].map((body) => [body, 'UNPROCESSABLE']));
  });

  it('takes the test that S3 sends to a new queue for what it is', async () => {
    const { run, buried } = world(async () => {
      throw new Error('Not asked');
    });
    expect(await run('{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-02T09:30:01.000Z","Bucket":"b"}')).toEqual([]);
    expect(buried).toEqual([]);
  });
});
