import {
  EventBridgeClient,
  DescribeReplayCommand,
  ListArchivesCommand,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { CloudStatus } from '@larder/local/control/status';
import { eventually } from '../eventually.ts';
import type { RunningLarder } from '../larder.ts';
import { runSchedule } from '../invoke.ts';
import { stockOf } from '../shopper.ts';
import { clientConfig, scan } from '../stores.ts';

type Place = Pick<RunningLarder, 'endpoint' | 'gateway'>;

/** Waits until the catalogue has been taken into stock. */
export async function stocked(larder: Place, productIds: readonly string[]): Promise<void> {
  await eventually('stock of every product', async () => {
    const stock = await Promise.all(productIds.map((productId) => stockOf(larder, productId)));
    return stock.every(({ available }) => available > 0) || undefined;
  });
}

/** Has queues try again after two seconds instead of after minutes, so that a run does not take hours. */
export async function hasten({ endpoint }: Place): Promise<void> {
  const sqs = new SQSClient(clientConfig(endpoint));
  for (const QueueUrl of await queues(sqs)) {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '2' } }));
  }
  sqs.destroy();
}

/** Sends what can never be processed: events that break their contract, and messages that are no events at all. */
export async function poison({ endpoint }: Place): Promise<void> {
  const events = new EventBridgeClient(clientConfig(endpoint));
  const Detail = JSON.stringify({ specversion: '1.0', id: 'poison', type: 'orders.OrderPlaced.v1', data: { orderId: 'poison' } });
  const entry = { EventBusName: 'larder-local', Source: 'larder.orders', DetailType: 'OrderPlaced.v1', Detail };
  await events.send(new PutEventsCommand({ Entries: [entry, entry, entry] }));
  events.destroy();
  const sqs = new SQSClient(clientConfig(endpoint));
  const [first] = (await queues(sqs)).filter((url) => !isDeadLetterQueue(url) && /reserve/i.test(url));
  for (const MessageBody of ['not json', '{}', '[]']) await sqs.send(new SendMessageCommand({ QueueUrl: first, MessageBody }));
  sqs.destroy();
}

/** Runs the schedule that cancels late orders as if it were later than it is. */
export async function cancelLateOrders(place: Place, laterMs: number): Promise<void> {
  // A run that makes hundreds of calls seldom gets through all of them on a bad day; the next one goes on where it ended.
  await runSchedule(place, 'orders-local-cancelLateOrders', new Date(Date.now() + laterMs), 240_000);
}

/** Sends every event of the archive once more. */
export async function replayEverything({ endpoint }: Place): Promise<void> {
  const events = new EventBridgeClient(clientConfig(endpoint));
  const [archive] = (await events.send(new ListArchivesCommand({}))).Archives ?? [];
  if (!archive?.EventSourceArn) throw new Error('there is no archive');
  const ReplayName = `storm-${Date.now()}`;
  const EventSourceArn = `arn:aws:events:us-east-1:000000000000:archive/${archive.ArchiveName}`;
  const window = { EventStartTime: new Date(Date.now() - 3_600_000), EventEndTime: new Date() };
  await events.send(new StartReplayCommand({ ReplayName, EventSourceArn, ...window, Destination: { Arn: archive.EventSourceArn } }));
  await eventually('the end of the replay', async () => {
    const { State } = await events.send(new DescribeReplayCommand({ ReplayName }));
    return State === 'COMPLETED' || undefined;
  });
  events.destroy();
}

/** Waits until no queue but the dead-letter queues holds anything, every stream is read to its end, and the books have stood still for a while. */
export async function settled({ endpoint }: Place): Promise<void> {
  const sqs = new SQSClient(clientConfig(endpoint));
  const urls = (await queues(sqs)).filter((url) => !isDeadLetterQueue(url));
  let before = '';
  let still = 0;
  await eventually(
    'rest',
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const waiting = await Promise.all([...urls.map((url) => depth(sqs, url)), unread(endpoint)]);
      const orders = await scan<{ orderId: string; status: string }>(endpoint, 'orders', 'orders');
      const outbox = await Promise.all(
        ['orders', 'inventory', 'payments'].map(async (service) => (await scan(endpoint, service, 'outbox')).length),
      );
      const now = JSON.stringify([orders.map(({ orderId, status }) => `${orderId}${status}`).sort(), outbox]);
      still = waiting.every((count) => count === 0) && now === before ? still + 1 : 0;
      before = now;
      return still >= 6 || undefined;
    },
    240_000,
  );
  sqs.destroy();
}

/**
 * Puts dead letters back into their queues, except for poison, which is taken out and counted.
 * A message is dead after its retries are exhausted; putting it back is what an operator does.
 */
export async function redrive({ endpoint }: Place): Promise<number> {
  const sqs = new SQSClient(clientConfig(endpoint));
  const all = await queues(sqs);
  let poisonous = 0;
  for (const dead of all.filter(isDeadLetterQueue)) {
    const source = all.find((url) => url !== dead && dead.startsWith(url));
    for (;;) {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: 300 }),
      );
      if (!Messages?.length) break;
      for (const { Body, ReceiptHandle } of Messages) {
        if (isPoison(Body ?? '')) poisonous += 1;
        else await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: Body }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: dead, ReceiptHandle }));
      }
    }
  }
  sqs.destroy();
  return poisonous;
}

/** How many functions still have something to read of a stream: after failures they wait for up to half a minute. */
async function unread(endpoint: string): Promise<number> {
  const { services } = (await (await fetch(`${endpoint}/_local/status`)).json()) as CloudStatus;
  return services.flatMap(({ readers }) => readers).filter(({ behindMs }) => behindMs > 0).length;
}

async function queues(sqs: SQSClient): Promise<string[]> {
  return (await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }))).QueueUrls ?? [];
}

async function depth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, value) => sum + Number(value), 0);
}

const isDeadLetterQueue = (url: string) => /(dlq|dead-letters?|failures?)$/i.test(url);
const isPoison = (body: string) => ['not json', '{}', '[]'].includes(body) || body.includes('"poison"');
