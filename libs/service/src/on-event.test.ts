import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import type { SQSRecord } from 'aws-lambda';
import { capturingLogs, contextOf, eventBridgeBody, sqsRecord } from './aws-events.fixture.ts';
import { Unprocessable } from './errors.ts';
import { eventReceiver, type Subscribed } from './on-event.ts';
import { current } from './invocation.ts';
import { createQueue } from './queue.ts';

beforeEach(() => {
  process.env.DEAD_LETTER_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/kit-dead';
  process.env.QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/kit';
});

interface Sent {
  readonly operation: string;
  readonly input: Record<string, never>;
}

function world({ refuse = [] as string[] } = {}) {
  const sent: Sent[] = [];
  const send = (operation: string, input: object): Promise<{ $metadata: object }> => {
    if (refuse.includes(operation)) return Promise.reject(new Error(`${operation} refused`));
    sent.push({ operation, input: input as Record<string, never> });
    return Promise.resolve({ $metadata: {} });
  };
  const queue = createQueue({
    sendMessage: (input) => send('SendMessage', input),
    changeMessageVisibilityBatch: async (input) => ({ ...(await send('ChangeMessageVisibilityBatch', input)), Successful: [], Failed: [] }),
  });
  return { sent, onEvent: eventReceiver({ queue, random: () => 0.5 }) };
}

const placed = (orderId: string, attributes = {}, queue = 'kit'): SQSRecord =>
  sqsRecord(eventBridgeBody(orderPlaced, { ...orderPlaced.example, orderId }, `event-of-${orderId}`), attributes, queue);
const run = async (handler: ReturnType<ReturnType<typeof world>['onEvent']>, records: SQSRecord[], remaining = 30_000) => {
  let answer: Awaited<ReturnType<typeof handler>> | undefined;
  const logs = await capturingLogs(async () => (answer = await handler({ Records: records }, contextOf(remaining))));
  return { failures: answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [], logs };
};
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('onEvent', () => {
  it('hands each event to the rule with its ids, its memory and its cause', async () => {
    const { onEvent } = world();
    const seen: Subscribed<typeof orderPlaced>[] = [];
    let invocation: ReturnType<typeof current>;
    const handler = onEvent(orderPlaced, (event) => {
      seen.push(event);
      invocation = current();
    });
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    expect((await run(handler, [placed('o1', { AWSTraceHeader: trace })])).failures).toEqual([]);
    expect(seen[0]).toMatchObject({
      id: 'event-of-o1',
      type: 'orders.OrderPlaced.v1',
      subject: 'o1',
      once: { kind: 'event', id: 'event#larder-test-kit#event-of-o1' },
      cause: { correlationId: 'correlation-1', causationId: 'event-of-o1' },
    });
    expect(invocation).toMatchObject({ traceHeader: trace, correlationId: 'correlation-1', causationId: 'event-of-o1' });
  });

  it('gives back only what failed, to come again after a time that grows', async () => {
    const { onEvent, sent } = world();
    const handler = onEvent(orderPlaced, ({ subject }) => {
      if (subject !== 'o2') throw new Error('not now');
    });
    const records = [placed('o1', { ApproximateReceiveCount: '1' }), placed('o2'), placed('o3', { ApproximateReceiveCount: '20' })];
    const { failures } = await run(handler, records);
    expect(failures).toEqual([records[0]?.messageId, records[2]?.messageId]);
    expect(sent).toEqual([
      {
        operation: 'ChangeMessageVisibilityBatch',
        input: expect.objectContaining({
          Entries: [
            { Id: '0', ReceiptHandle: records[0]?.receiptHandle, VisibilityTimeout: 1 },
            { Id: '1', ReceiptHandle: records[2]?.receiptHandle, VisibilityTimeout: 60 },
          ],
        }),
      },
    ]);
  });

  it('still gives back what failed when the visibility cannot be changed', async () => {
    const { onEvent } = world({ refuse: ['ChangeMessageVisibilityBatch'] });
    const records = [placed('o1')];
    const { failures } = await run(
      onEvent(orderPlaced, () => Promise.reject(new Error('not now'))),
      records,
    );
    expect(failures).toEqual([records[0]?.messageId]);
  });

  it.each([
    ['NOT_JSON', sqsRecord('{"detail":')],
    ['NOT_AN_ENVELOPE', sqsRecord('{"hello":"world"}')],
    ['UNKNOWN_EVENT', sqsRecord(eventBridgeBody(orderCancelled, orderCancelled.example))],
    ['BREAKS_CONTRACT', sqsRecord(eventBridgeBody(orderPlaced, orderPlaced.example).replace('"quantity":6', '"quantity":0'))],
  ])('sends what is %s to the dead-letter queue at once, and acknowledges it', async (code, record) => {
    const { onEvent, sent } = world();
    const good = placed('o1');
    const seen: string[] = [];
    const { failures, logs } = await run(
      onEvent(orderPlaced, ({ subject }) => seen.push(subject)),
      [record, good],
    );
    expect(failures).toEqual([]);
    expect(seen).toEqual(['o1']);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      operation: 'SendMessage',
      input: {
        QueueUrl: process.env.DEAD_LETTER_QUEUE_URL,
        MessageBody: record.body,
        MessageAttributes: {
          ERROR_CODE: { DataType: 'String', StringValue: code },
          ERROR_MESSAGE: { DataType: 'String', StringValue: expect.any(String) },
          MESSAGE_ID: { DataType: 'String', StringValue: record.messageId },
        },
      },
    });
    expect(logs).toContainEqual(expect.objectContaining({ level: 'ERROR', code, messageId: record.messageId }));
  });

  it('treats what a rule calls unprocessable in the same way', async () => {
    const { onEvent, sent } = world();
    const { failures } = await run(
      onEvent(orderPlaced, () => {
        throw new Unprocessable('no such currency');
      }),
      [placed('o1')],
    );
    expect(failures).toEqual([]);
    expect(sent[0]).toMatchObject({ input: { MessageAttributes: { ERROR_CODE: { StringValue: 'UNPROCESSABLE' } } } });
  });

  it('gives back what could not be sent to the dead-letter queue', async () => {
    const { onEvent } = world({ refuse: ['SendMessage'] });
    const record = sqsRecord('no json');
    expect(
      (
        await run(
          onEvent(orderPlaced, () => undefined),
          [record],
        )
      ).failures,
    ).toEqual([record.messageId]);
  });

  it('takes events of one subject in order and others at once, within its bound', async () => {
    const { onEvent } = world();
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const handler = onEvent(
      orderPlaced,
      async ({ id, subject }) => {
        most = Math.max(most, (running += 1));
        await pause(subject === 'o1' ? 15 : 5);
        order.push(id);
        running -= 1;
      },
      { concurrency: 3 },
    );
    const twice = sqsRecord(eventBridgeBody(orderPlaced, { ...orderPlaced.example, orderId: 'o1' }, 'second-of-o1'));
    const { failures } = await run(handler, [placed('o1'), twice, ...['o2', 'o3', 'o4', 'o5'].map((id) => placed(id))]);
    expect(failures).toEqual([]);
    expect(most).toBe(3);
    expect(order.indexOf('event-of-o1')).toBeLessThan(order.indexOf('second-of-o1'));
    expect(order.indexOf('event-of-o3')).toBeLessThan(order.indexOf('event-of-o1'));
  });

  it('gives back what does not end before the timeout, and begins nothing further', async () => {
    const { onEvent } = world();
    const begun: string[] = [];
    const { promise: never, resolve: release } = Promise.withResolvers<void>();
    const handler = onEvent(
      orderPlaced,
      async ({ subject }) => {
        begun.push(subject);
        if (subject === 'o2') await never;
      },
      { concurrency: 1, headroom: 1500 },
    );
    const records = ['o1', 'o2', 'o3'].map((id) => placed(id));
    const { failures, logs } = await run(handler, records, 2000);
    release();
    await pause(20);
    expect(begun).toEqual(['o1', 'o2']);
    expect(failures).toEqual([records[1]?.messageId, records[2]?.messageId]);
    expect(logs.filter(({ message }) => String(message).startsWith('There was no time'))).toHaveLength(2);
  });

  it('holds back what follows a failure in its group of a FIFO queue, and no other group', async () => {
    const { onEvent } = world();
    const records = [
      placed('o1', { MessageGroupId: 'a' }, 'kit.fifo'),
      placed('o2', { MessageGroupId: 'a' }, 'kit.fifo'),
      placed('o3', { MessageGroupId: 'b' }, 'kit.fifo'),
    ];
    const begun: string[] = [];
    const handler = onEvent(orderPlaced, ({ subject }) => {
      begun.push(subject);
      if (subject === 'o1') throw new Error('not now');
    });
    expect((await run(handler, records)).failures).toEqual([records[0]?.messageId, records[1]?.messageId]);
    expect(begun).toEqual(['o1', 'o3']);
  });

  it('tells events of several contracts apart by their type', async () => {
    const { onEvent } = world();
    const seen: string[] = [];
    const handler = onEvent([orderPlaced, orderCancelled], (event) => {
      seen.push(event.type === 'orders.OrderPlaced.v1' ? event.data.total.currency : event.data.reason);
    });
    await run(handler, [placed('o1'), sqsRecord(eventBridgeBody(orderCancelled, orderCancelled.example))]);
    expect(seen).toEqual(['EUR', orderCancelled.example.reason]);
  });
});
