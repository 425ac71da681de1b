import { defineStream } from '@larder/contracts';
import { id } from '@larder/contracts/common';
import { packFrame, unpackFrame } from '@larder/streaming/frame';
import { NotTaken } from '@larder/streaming/producer';
import type { KinesisStreamRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { contextOf, fakeTiming } from './aws-events.fixture.ts';
import { type PoisonEvent, streamReceiver, type StreamBatch } from './on-stream.ts';
import { streamProducer } from './produce.ts';

const steps = defineStream({
  name: 'farm.Steps.v1',
  description: '',
  records: { 'step.made': z.object({ animalId: id, step: z.int() }) },
  key: (event) => event.animalId,
  expected: { eventsPerSecond: 1, bytesPerEvent: 100 },
  example: { id: 'e-1', time: '2026-11-02T09:30:00.000Z', type: 'step.made', animalId: 'a', step: 1 },
});
type Step = (typeof steps)['example'];
const step = (number: number, animalId = 'a'): Step => ({ ...steps.example, id: `e-${animalId}-${number}`, animalId, step: number });

let sequence = 0;
const record = (data: Uint8Array | string, shard = 'shardId-000000000000'): KinesisStreamRecord => {
  const sequenceNumber = String((sequence += 1)).padStart(56, '0');
  const kinesis = {
    kinesisSchemaVersion: '1.0',
    partitionKey: 'p',
    sequenceNumber,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1,
  };
  const rest = {
    awsRegion: 'eu-west-1',
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn',
    eventVersion: '1.0',
    invokeIdentityArn: '',
  };
  return { ...rest, eventID: `${shard}:${sequenceNumber}`, kinesis };
};
const frame = (...events: object[]) => record(packFrame(events.map((event) => JSON.stringify(event))));

function reader(rule: (batch: StreamBatch<(typeof steps)['records']>) => Promise<unknown> = async () => undefined) {
  const poison: PoisonEvent[] = [];
  const batches: StreamBatch<(typeof steps)['records']>[] = [];
  const handler = streamReceiver({ deadLetter: async (event) => void poison.push(event) })(steps, async (batch) => {
    batches.push(batch);
    await rule(batch);
  });
  const give = (...records: KinesisStreamRecord[]) => handler({ Records: records }, contextOf());
  return { give, poison, batches, numbers: () => batches.flatMap(({ events }) => events.map((event) => event.step)) };
}

describe('onStream', () => {
  it('gives the events of all frames of a shard, in their order, and of records that are none', async () => {
    const { give, batches, numbers } = reader();
    const records = [frame(step(1), step(2)), record(JSON.stringify(step(3))), frame(step(4))];
    expect(await give(...records)).toEqual({ batchItemFailures: [] });
    expect(numbers()).toEqual([1, 2, 3, 4]);
    expect(batches[0]).toMatchObject({
      shardId: 'shardId-000000000000',
      sequenceNumber: records[2]?.kinesis.sequenceNumber,
      duplicates: 0,
    });
  });

  it('puts a poison event aside with its reason and its bytes, and lets its neighbours go on', async () => {
    const { give, poison, numbers } = reader();
    const damaged = packFrame([JSON.stringify(step(9))]).with(20, 0);
    await give(frame(step(1), { ...step(2), step: 'two' }, step(3)), record('no json'), record(damaged), frame(step(4)));
    expect(numbers()).toEqual([1, 3, 4]);
    expect(poison.map(({ code }) => code)).toEqual(['BREAKS_CONTRACT', 'BREAKS_CONTRACT', 'WRONG_CHECKSUM']);
    expect(poison[0]).toMatchObject({ problem: expect.stringContaining('step'), bytes: expect.stringContaining('"two"') });
    expect(poison[2]?.bytes).toBe(Buffer.from(damaged).toString('base64'));
  });

  it('leaves out what has come before, and counts it', async () => {
    const { give, batches, numbers } = reader();
    await give(frame(step(1), step(1), step(2)));
    await give(frame(step(2), step(3)));
    expect(numbers()).toEqual([1, 2, 3]);
    expect(batches.map(({ duplicates }) => duplicates)).toEqual([1, 1]);
  });

  it('has all of a batch come again when the rule fails, and does not take it for what has come before', async () => {
    let fails = true;
    const { give, numbers } = reader(async () => {
      if (fails) throw new Error('no table');
    });
    const records = [frame(step(1)), frame(step(2))];
    expect(await give(...records)).toEqual({ batchItemFailures: [{ itemIdentifier: records[0]?.kinesis.sequenceNumber }] });
    fails = false;
    expect(await give(...records)).toEqual({ batchItemFailures: [] });
    expect(numbers()).toEqual([1, 2, 1, 2]);
  });

  it('has it come again, too, when a poison event could not be put aside', async () => {
    const handler = streamReceiver({ deadLetter: () => Promise.reject(new Error('no queue')) })(steps, async () => undefined);
    const bad = record('no json');
    expect(await handler({ Records: [bad] }, contextOf())).toEqual({ batchItemFailures: [{ itemIdentifier: bad.kinesis.sequenceNumber }] });
  });
});

describe('produce', () => {
  const world = (refusals: number) => {
    process.env.STEPS_STREAM = 'steps';
    const taken: string[] = [];
    let calls = 0;
    const produce = streamProducer({
      timing: fakeTiming(),
      kinesis: {
        putRecords: async ({ Records = [], StreamName }) => {
          calls += 1;
          expect(StreamName).toBe('steps');
          const entries = Records.map(({ Data = new Uint8Array() }, place) => {
            if (calls <= refusals && place % 2 === 0) return { ErrorCode: 'ProvisionedThroughputExceededException' };
            taken.push(...unpackFrame(Data));
            return { SequenceNumber: '1' };
          });
          return { $metadata: {}, Records: entries };
        },
      },
    });
    return { produce, taken, calls: () => calls };
  };
  const events = Array.from({ length: 60 }, (_, at) => step(at, `animal-${at % 20}`));

  it('writes all events, each once, and those of one key in order', async () => {
    const { produce, taken, calls } = world(2);
    await produce(steps, 'Steps', events);
    const written = taken.map((line) => JSON.parse(line) as Step);
    expect(calls()).toBeGreaterThan(2);
    expect(written.map((event) => event.id).toSorted()).toEqual(events.map((event) => event.id).toSorted());
    for (let animal = 0; animal < 20; animal += 1) {
      const mine = written.filter((event) => event.animalId === `animal-${animal}`).map((event) => event.step);
      expect(mine).toEqual(mine.toSorted((a, b) => a - b));
    }
  });

  it('says so when the stream takes them not', async () => {
    await expect(world(99).produce(steps, 'Steps', events)).rejects.toThrow(NotTaken);
  });
});
