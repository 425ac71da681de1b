import { unpackFrame } from './frame.ts';
import { createProducer, NotTaken, type OutgoingRecord, type ProducerOptions } from './producer.ts';

/** A stream whose shards are ranges of hash keys, and which takes what `takes` says. */
function world(options: ProducerOptions = {}, takes: (call: number, place: number) => boolean = () => true) {
  const calls: OutgoingRecord[][] = [];
  const waits: { until: PromiseWithResolvers<void>; milliseconds: number }[] = [];
  let shards = [0n, 1n << 127n];
  const read = new Map<bigint, string[]>();
  const producer = createProducer(
    {
      send: async (records) => {
        calls.push([...records]);
        return records.map(({ explicitHashKey, data }, place) => {
          if (!takes(calls.length, place)) return false;
          const shard = shards.findLast((start) => BigInt(explicitHashKey) >= start) ?? 0n;
          read.set(shard, [...(read.get(shard) ?? []), ...unpackFrame(data)]);
          return true;
        });
      },
      wait: (milliseconds) => {
        const until = Promise.withResolvers<void>();
        waits.push({ until, milliseconds });
        return until.promise;
      },
      random: () => 1,
    },
    options,
  );
  const pass = async () => {
    for (const { until } of waits.splice(0)) until.resolve();
    await new Promise(setImmediate);
  };
  return {
    producer,
    calls,
    waits,
    read,
    pass,
    split: (...starts: bigint[]) => (shards = [0n, ...starts].toSorted((a, b) => (a < b ? -1 : 1))),
  };
}
const all = (read: Map<bigint, string[]>) => [...read.values()].flat();

describe('a producer', () => {
  it('packs lines of one range into one record, when it is full or old', async () => {
    const { producer, calls, pass } = world({ ranges: 1, frameBytes: 40 });
    const full = Promise.all(['0123456789', '0123456789', '0123456789', '0123456789'].map((line) => producer.put('k', line)));
    await full;
    expect(calls.map((records) => records.length)).toEqual([1]);
    const late = producer.put('k', 'x');
    await new Promise(setImmediate);
    expect(calls).toHaveLength(1);
    await pass();
    await late;
    expect(unpackFrame(calls[1]?.[0]?.data ?? new Uint8Array())).toEqual(['x']);
  });

  it('sends again what was refused, alone, and loses and doubles nothing', async () => {
    const { producer, calls, read, pass } = world({ ranges: 8 }, (call, place) => call > 2 || (call + place) % 3 === 0);
    const lines = Array.from({ length: 400 }, (_, at) => `line-${at}`);
    const done = Promise.all(lines.map((line) => producer.put(line, line)));
    const flushed = producer.flush();
    for (let turns = 0; turns < 6; turns += 1) await pass();
    await Promise.all([done, flushed]);
    expect(calls.length).toBeGreaterThan(2);
    expect(calls[1]?.length).toBeLessThan(calls[0]?.length ?? 0);
    expect(all(read).toSorted()).toEqual(lines.toSorted());
  });

  it('keeps the order of a key, however the stream is split and merged meanwhile', async () => {
    const { producer, read, split } = world({ ranges: 16 });
    const steps = [[1n << 127n], [1n << 126n, 1n << 127n, 3n << 126n], [], [1n << 125n]];
    for (const [step, starts] of steps.entries()) {
      split(...starts);
      for (let at = 0; at < 50; at += 1) for (const key of ['a', 'b', 'c', 'd', 'e']) void producer.put(key, `${key}:${step * 50 + at}`);
      await producer.flush();
    }
    const lines = all(read);
    expect(lines).toHaveLength(1000);
    // Shards are read one after the other here, but a key is in one at a time: sorted by step it is in order.
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      for (const shard of read.values()) {
        const mine = shard.filter((line) => line.startsWith(`${key}:`)).map((line) => Number(line.slice(2)));
        expect(mine).toEqual(mine.toSorted((a, b) => a - b));
      }
    }
  });

  it('gives up after so many attempts, and says so for each line', async () => {
    const { producer, calls, pass } = world({ ranges: 1, attempts: 3 }, () => false);
    const outcome = producer.put('k', 'x').catch((error: unknown) => error);
    const flushed = producer.flush();
    for (let turns = 0; turns < 4; turns += 1) await pass();
    await flushed;
    expect(await outcome).toBeInstanceOf(NotTaken);
    expect(calls).toHaveLength(3);
  });

  it('lets nobody add more than it may hold, until there is room', async () => {
    const { producer, pass, calls } = world({ ranges: 1, bufferBytes: 20 });
    const first = producer.put('k', '0123456789');
    let added = false;
    const second = producer.put('k', 'abcdefghijklmn').then(() => (added = true));
    await new Promise(setImmediate);
    expect(added).toBe(false);
    await pass();
    await first;
    await new Promise(setImmediate);
    await pass();
    await second;
    expect(calls).toHaveLength(2);
  });
});
