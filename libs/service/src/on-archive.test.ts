import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { capturingLogs, contextOf } from './aws-events.fixture.ts';
import { onMessages, onRecords } from './on-archive.ts';

const record = (sequenceNumber: string, data: string) => ({
  ...{ eventID: `shardId-000000000006:${sequenceNumber}`, eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/weights' },
  kinesis: { sequenceNumber, data: Buffer.from(data).toString('base64') },
});
const records = { Records: [record('1', 'one'), record('2', 'two')] } as unknown as KinesisStreamEvent;
const messages = { Records: [{ messageId: 'a', body: 'one' }, { messageId: 'b', body: 'no {JSON' }] } as unknown as SQSEvent; // prettier-ignore
const fails = () => Promise.reject(new Error('no bucket'));

describe('what arrives', () => {
  it('is handed on as it came, under an id that is the same when it comes again', async () => {
    const kept: { id: string; items: readonly unknown[] }[] = [];
    const keep = onRecords(async ({ id, items }) => void kept.push({ id, items: items.map(String) }));
    for (let times = 0; times < 2; times += 1) expect(await keep(records, contextOf())).toEqual({ batchItemFailures: [] });
    expect(kept).toEqual(Array(2).fill({ id: 'shardId-000000000006-1-2', items: ['one', 'two'] }));
    const bodies: { id: string; items: readonly string[] }[] = [];
    const take = onMessages(async (arrival) => void bodies.push(arrival));
    for (let times = 0; times < 2; times += 1) expect(await take(messages, contextOf())).toEqual({ batchItemFailures: [] });
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]?.items).toEqual(['one', 'no {JSON']);
  });

  it('comes again, all of it, when it could not be kept', async () => {
    const answers: unknown[] = [];
    const logs = await capturingLogs(async () => {
      answers.push(await onRecords(fails)(records, contextOf()), await onMessages(fails)(messages, contextOf()));
    });
    expect(answers).toEqual([
      { batchItemFailures: [{ itemIdentifier: '1' }] },
      { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] },
    ]);
    expect(logs.map(({ count }) => count)).toEqual([2, 2]);
  });
});
