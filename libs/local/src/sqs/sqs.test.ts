import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { JsonService } from '../kernel/call.ts';
import { testEndpoint, type TestEndpoint } from '../testing/endpoint.ts';
import { testKernel } from '../testing/kernel.ts';
import { createSqs, type Sqs } from './sqs.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const noIam = { admits: () => false };

describe('SQS through the official client', () => {
  let sqs: Sqs;
  let endpoint: TestEndpoint;
  let client: SQSClient;
  let clock: number;
  let count = 0;

  beforeEach(async () => {
    clock = 0;
    sqs = await createSqs(testKernel({ now: () => Date.now() + clock }), { iam: noIam });
    endpoint = await testEndpoint(sqs.services);
    client = new SQSClient(endpoint.client);
  });

  afterEach(async () => {
    client.destroy();
    await endpoint.close();
    await sqs.close();
  });

  async function queue(Attributes: Record<string, string> = {}): Promise<{ QueueUrl: string; name: string }> {
    const name = `queue-${(count += 1)}${Attributes['FifoQueue'] ? '.fifo' : ''}`;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return { QueueUrl: QueueUrl!, name };
  }
  const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  async function receive(QueueUrl: string, more: object = {}): Promise<Message[]> {
    const input = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All' as const],
      MessageAttributeNames: ['All'],
      ...more,
    };
    return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
  }
  const bodies = (messages: Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

  test('a queue URL is the endpoint, the account and the name', async () => {
    const { QueueUrl, name } = await queue();
    expect(QueueUrl).toBe(`http://localhost:4566/000000000000/${name}`);
  });

  test('a message arrives with its attributes, its trace header and the digests that the SDK checks', async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, 'crème brûlée 🍮', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'dessert' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-a' } },
    });
    const [message] = await receive(QueueUrl);
    expect(message).toMatchObject({
      Body: 'crème brûlée 🍮',
      MessageAttributes: { kind: { StringValue: 'dessert' }, raw: { DataType: 'Binary' } },
      Attributes: { AWSTraceHeader: 'Root=1-a', ApproximateReceiveCount: '1' },
    });
  });

  test('a received message is hidden for the visibility timeout, and then comes back with a higher count', async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: '30' });
    await send(QueueUrl, 'one');
    await receive(QueueUrl);
    clock += 29_000;
    expect(await receive(QueueUrl)).toEqual([]);
    clock += 1_001;
    expect((await receive(QueueUrl))[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  test('a deleted message does not come back; the receipt handle of an earlier receive deletes nothing', async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: '1' });
    await send(QueueUrl, 'one');
    const [first] = await receive(QueueUrl);
    clock += 1_001;
    const [second] = await receive(QueueUrl);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle }));
    clock += 1_001;
    const [third] = await receive(QueueUrl);
    expect(third?.MessageId).toBe(second?.MessageId);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third!.ReceiptHandle }));
    clock += 60_000;
    expect(await receive(QueueUrl)).toEqual([]);
  });

  test('what is no receipt handle is refused', async () => {
    const { QueueUrl } = await queue();
    const invalid = { name: 'ReceiptHandleIsInvalid' };
    await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }))).rejects.toMatchObject(invalid);
    const hide = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: 'x', VisibilityTimeout: 1 });
    await expect(client.send(hide)).rejects.toMatchObject(invalid);
  });

  test('a visibility of 0 gives a message back at once', async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, 'one');
    const [message] = await receive(QueueUrl);
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: 0 }));
    expect(bodies(await receive(QueueUrl))).toEqual(['one']);
  });

  test('a message received too often moves to the dead-letter queue, and says where it came from', async () => {
    const dead = await queue();
    const { QueueUrl, name } = await queue({
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(dead.name), maxReceiveCount: 2 }),
    });
    await send(QueueUrl, 'poison');
    for (const _ of [1, 2]) {
      expect(await receive(QueueUrl)).toHaveLength(1);
      clock += 1_001;
    }
    expect(await receive(QueueUrl)).toEqual([]);
    const [message] = await receive(dead.QueueUrl);
    expect(message).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: arn(name) } });
    const { queueUrls } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.QueueUrl }));
    expect(queueUrls).toEqual([QueueUrl]);
  });

  test('a move task brings dead letters back to where they came from, as new messages', async () => {
    const dead = await queue();
    const { QueueUrl } = await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(dead.name), maxReceiveCount: 1 }) });
    await send(QueueUrl, 'poison');
    const [before] = await receive(QueueUrl);
    clock += 31_000;
    await receive(QueueUrl);
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn(dead.name) }));
    const [after] = await receive(QueueUrl);
    expect(after).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
    expect(after?.MessageId).not.toBe(before?.MessageId);
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn(dead.name) }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  });

  test('a move task moves what it can, and says what it could not', async () => {
    const dead = await queue();
    const { QueueUrl } = await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(dead.name), maxReceiveCount: 1 }) });
    await send(QueueUrl, 'poison');
    await receive(QueueUrl);
    clock += 31_000;
    await receive(QueueUrl);
    await send(dead.QueueUrl, 'from nowhere');
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn(dead.name) }));
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn(dead.name) }));
    expect(Results).toMatchObject([{ Status: 'FAILED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect(bodies(await receive(QueueUrl))).toEqual(['poison']);
    expect(bodies(await receive(dead.QueueUrl))).toEqual(['from nowhere']);
  });

  test('a batch that is malformed is refused, and is no error of ours', async () => {
    const { QueueUrl } = await queue();
    const service = sqs.services[0] as JsonService;
    const call = (operation: string, Entries: unknown) =>
      service.handle({ service: 'sqs', operation, input: { QueueUrl, Entries }, caller: { kind: 'root', arn: '' }, region: '' });
    await expect(call('SendMessageBatch', {})).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
    await expect(call('SendMessageBatch', [null])).rejects.toMatchObject({ code: 'InvalidBatchEntryId' });
    const entry = { Id: 'a', MessageBody: 'x', MessageAttributes: { kind: {} } };
    await expect(call('SendMessageBatch', [entry])).resolves.toMatchObject({ Failed: [{ Id: 'a', Code: 'InvalidParameterValue' }] });
  });

  test('FIFO: a batch holds messages of one group in order, and the group waits until all of them are deleted', async () => {
    const { QueueUrl } = await queue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const body of ['a1', 'a2', 'a3']) await send(QueueUrl, body, { MessageGroupId: 'a' });
    await send(QueueUrl, 'b1', { MessageGroupId: 'b' });
    const first = await receive(QueueUrl, { MaxNumberOfMessages: 2 });
    expect(bodies(first)).toEqual(['a1', 'a2']);
    expect(bodies(await receive(QueueUrl))).toEqual(['b1']);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first[0]!.ReceiptHandle }));
    expect(await receive(QueueUrl)).toEqual([]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first[1]!.ReceiptHandle }));
    expect(bodies(await receive(QueueUrl))).toEqual(['a3']);
  });

  test('FIFO: the same deduplication id within five minutes is one message, afterwards another', async () => {
    const { QueueUrl } = await queue({ FifoQueue: 'true' });
    const more = { MessageGroupId: 'a', MessageDeduplicationId: 'once' };
    const first = await send(QueueUrl, 'one', more);
    const again = await send(QueueUrl, 'one', more);
    expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(await receive(QueueUrl)).toHaveLength(1);
    clock += 5 * 60_000 + 1;
    expect((await send(QueueUrl, 'one', more)).MessageId).not.toBe(first.MessageId);
  });

  test('FIFO: a receipt handle ends with its visibility timeout, and deletes nothing after', async () => {
    const { QueueUrl, name } = await queue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    await send(QueueUrl, 'one', { MessageGroupId: 'a' });
    const [first] = await receive(QueueUrl);
    const remove = ({ ReceiptHandle }: Message) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    clock += 30_001;
    const expired = { name: 'InvalidParameterValue', message: expect.stringContaining('The receipt handle has expired') };
    await expect(remove(first!)).rejects.toMatchObject(expired);
    await sqs.queues.delete(arn(name), [first!.ReceiptHandle!]);
    const [second] = await receive(QueueUrl);
    await expect(remove(first!)).rejects.toMatchObject(expired);
    await remove(second!);
    await remove(second!);
    clock += 30_001;
    expect(await receive(QueueUrl)).toEqual([]);
  });

  test('a visibility timeout is prolonged to twelve hours from the receive, and no further', async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, 'one');
    const [message] = await receive(QueueUrl);
    const prolong = (VisibilityTimeout: number) =>
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout }));
    await prolong(7 * 3600);
    clock += 6 * 3_600_000;
    await expect(prolong(7 * 3600)).rejects.toMatchObject({ message: expect.stringContaining('beyond the limit [43200 seconds]') });
    await prolong(5 * 3600);
    await expect(prolong(43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('with 120,000 messages in flight a short poll is OverLimit, a long poll empty, until one is deleted', async () => {
    const { QueueUrl, name } = await queue({ VisibilityTimeout: '43200' });
    for (let sent = 0; sent < 120_001; sent += 1) await sqs.queues.send(arn(name), { body: 'x' });
    const [first] = await sqs.queues.receive(arn(name), { max: 120_000, waitMs: 0 });
    await expect(receive(QueueUrl)).rejects.toMatchObject({ name: 'OverLimit' });
    expect(await receive(QueueUrl, { WaitTimeSeconds: 1 })).toEqual([]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.receiptHandle }));
    expect(await receive(QueueUrl)).toHaveLength(1);
  }, 60_000);

  test('a message older than the retention period is gone', async () => {
    const { QueueUrl } = await queue({ MessageRetentionPeriod: '60' });
    await send(QueueUrl, 'one');
    clock += 60_001;
    expect(await receive(QueueUrl)).toEqual([]);
  });

  test('a batch fails in part: the entry that cannot be sent is named, the others are sent', async () => {
    const { QueueUrl } = await queue();
    const Entries = [
      { Id: 'good', MessageBody: 'one' },
      { Id: 'bad', MessageBody: 'two', DelaySeconds: 901 },
    ];
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue', SenderFault: true }]);
    expect(bodies(await receive(QueueUrl))).toEqual(['one']);
  });

  test.each([
    ['a delay of more than 15 minutes', { DelaySeconds: 901, MessageBody: 'x' }, 'InvalidParameterValue'],
    ['an unknown queue', { QueueUrl: 'http://localhost:4566/000000000000/none', MessageBody: 'x' }, 'QueueDoesNotExist'],
    ['a control character', { MessageBody: '\u0000' }, 'InvalidMessageContents'],
    ['more than 1 MiB', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
  ])('%s is refused', async (_what, input, name) => {
    const { QueueUrl } = await queue();
    await expect(client.send(new SendMessageCommand({ QueueUrl, ...input }))).rejects.toMatchObject({ name });
  });

  test('eleven entries, no entries and ids that repeat are refused as a whole', async () => {
    const { QueueUrl } = await queue();
    const entries = (ids: string[]) => new DeleteMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'x' })) });
    await expect(client.send(entries([...'abcdefghijk']))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(client.send(entries([]))).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(client.send(entries(['a', 'a']))).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  });

  test('attributes count what is visible, in flight and delayed', async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, 'one');
    await send(QueueUrl, 'two');
    await send(QueueUrl, 'late', { DelaySeconds: 10 });
    await receive(QueueUrl, { MaxNumberOfMessages: 1 });
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
    });
  });

  test('a long poll is answered by the send, without waiting for its time', async () => {
    const { QueueUrl } = await queue();
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await send(QueueUrl, 'now');
    expect(bodies(await waiting)).toEqual(['now']);
  });
});
