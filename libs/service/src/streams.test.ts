import { defineStream } from '@larder/contracts';
import { id } from '@larder/contracts/common';
import { packFrame, unpackFrame } from '@larder/streaming/frame';
import { NotTaken } from '@larder/streaming/producer';
import type { KinesisStreamRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { contextOf, fakeTiming, kinesisRecord } from './aws-events.fixture.ts';
import { type PoisonEvent, type StreamBatch, type StreamDeps, streamReceiver } from './on-stream.ts';
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

const frame = (...events: object[]) => kinesisRecord(packFrame(events.map((event) => JSON.stringify(event))));

/** A stream as Kinesis keeps it: what was given to some environment before. */
function stream() {
  const shards = new Map<string, { ParentShardId?: string; AdjacentParentShardId?: string; readonly kept: KinesisStreamRecord[] }>();
  let reads = 0;
  const keptOf = (shardId = '') => shards.get(shardId)?.kept ?? [];
  const at = (shardId: string, position: number) => ({ $metadata: {}, ShardIterator: `${shardId}/${position}` });
  const kinesis: StreamDeps['kinesis'] = {
    getShardIterator: async ({ ShardId = '', ShardIteratorType, StartingSequenceNumber = '' }) => {
      const kept = keptOf(ShardId);
      const after = kept.findIndex(({ kinesis: { sequenceNumber } }) => sequenceNumber > StartingSequenceNumber);
      return at(ShardId, ShardIteratorType === 'AT_TIMESTAMP' ? 0 : after < 0 ? kept.length : after);
    },
    getRecords: async ({ ShardIterator = '', Limit = 2 }) => {
      reads += 1;
      const [shardId = '', from = '0'] = ShardIterator.split('/');
      const Records = keptOf(shardId)
        .slice(Number(from), Number(from) + Limit)
        .map(({ kinesis: { sequenceNumber, data } }) => ({
          ...{ SequenceNumber: sequenceNumber, Data: Buffer.from(data, 'base64'), PartitionKey: 'p' },
        }));
      return { $metadata: {}, Records, NextShardIterator: `${shardId}/${Number(from) + Records.length}` };
    },
    listShards: async ({ NextToken }) => {
      // One at a time, as if they were thousands.
      const [ShardId, parents] = [...shards][Number(NextToken ?? 0)] ?? [];
      const next = Number(NextToken ?? 0) + 1;
      const [HashKeyRange, SequenceNumberRange] = [undefined, undefined];
      return {
        $metadata: {},
        Shards: [{ ...{ ShardId, HashKeyRange, SequenceNumberRange }, ...parents }],
        ...(next < shards.size && { NextToken: String(next) }),
      };
    },
  };
  /** Adds a shard, split or merged from others. */
  const open = (shardId: string, ...[ParentShardId, AdjacentParentShardId]: string[]) =>
    shards.set(shardId, { ...(ParentShardId && { ParentShardId }), ...(AdjacentParentShardId && { AdjacentParentShardId }), kept: [] });
  const keep = (record: KinesisStreamRecord) => {
    const [shardId = ''] = record.eventID.split(':');
    if (!shards.has(shardId)) open(shardId);
    const kept = keptOf(shardId);
    if (!kept.includes(record)) kept.push(record);
  };
  return { open, keep, kinesis, reads: () => reads };
}

function reader(
  rule: (batch: StreamBatch<(typeof steps)['records']>) => Promise<unknown> = async () => undefined,
  { keep, kinesis } = stream(),
) {
  const poison: PoisonEvent[] = [];
  const batches: StreamBatch<(typeof steps)['records']>[] = [];
  const handler = streamReceiver({ kinesis, deadLetter: async (event) => void poison.push(event) })(steps, async (batch) => {
    batches.push(batch);
    await rule(batch);
  });
  const give = (...records: KinesisStreamRecord[]) => {
    for (const one of records) keep(one);
    return handler({ Records: records }, contextOf());
  };
  return { give, poison, batches, numbers: () => batches.flatMap(({ events }) => events.map((event) => event.step)) };
}

describe('onStream', () => {
  it('gives the events of all frames of a shard, in their order, and of records that are none', async () => {
    const { give, batches, numbers } = reader();
    const records = [frame(step(1), step(2)), kinesisRecord(JSON.stringify(step(3))), frame(step(4))];
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
    await give(frame(step(1), { ...step(2), step: 'two' }, step(3)), kinesisRecord('no json'), kinesisRecord(damaged), frame(step(4)));
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

  it('recognises what came before in another environment, because the stream remembers it', async () => {
    const shared = stream();
    const [one, other] = [reader(undefined, shared), reader(undefined, shared)];
    await one.give(frame(step(1), step(2)));
    await other.give(frame(step(2), step(3)));
    await one.give(frame(step(3), step(4)));
    await one.give(frame(step(4), step(5)));
    expect([one.numbers(), other.numbers()]).toEqual([[1, 2, 4, 5], [3]]); // prettier-ignore
  });

  it('recognises what came before in the shards that a shard was split or merged from', async () => {
    const shared = stream();
    const { give, numbers } = reader(undefined, shared);
    const of = (shardId: string, ...events: object[]) => kinesisRecord(packFrame(events.map((event) => JSON.stringify(event))), shardId);
    await give(of('whole', step(1), step(2)));
    await give(of('other', step(3)));
    shared.open('half', 'whole');
    await give(of('half', step(2), step(4)));
    shared.open('merged', 'half', 'other');
    await give(of('merged', step(1), step(3), step(4), step(5)));
    await reader(undefined, shared).give(of('merged', step(6)));
    await give(of('merged', step(6), step(1), step(7)));
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('gives a batch once more that is sent once more, since nobody knows whether it was taken', async () => {
    const { give, batches, numbers } = reader();
    const again = frame(step(1), step(2));
    await give(again);
    await give(again);
    expect([numbers(), batches.map(({ duplicates }) => duplicates)]).toEqual([[1, 2, 1, 2], [0, 0]]); // prettier-ignore
  });

  it('reads again only so far as it should', async () => {
    const long = stream();
    for (let at = 0; at < 40; at += 1) long.keep(frame(step(at)));
    const bounded = streamReceiver({ kinesis: long.kinesis, deadLetter: async () => undefined })(steps, async () => undefined, {
      horizon: { ids: 1000, seconds: 60, bytes: 200 },
    });
    await bounded({ Records: [frame(step(99))] }, contextOf());
    expect(long.reads()).toBeLessThan(5);
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
    const handler = streamReceiver({ kinesis: stream().kinesis, deadLetter: () => Promise.reject(new Error('no queue')) })(
      steps,
      async () => undefined,
    );
    const bad = kinesisRecord('no json');
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
