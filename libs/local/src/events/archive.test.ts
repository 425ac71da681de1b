import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busArn, fixture, queue, type Fixture } from './fixture.test-support.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
let cloud: Fixture;
beforeEach(async () => {
  cloud = await fixture();
  await cloud.call('CreateEventBus', { Name: 'larder' });
  await cloud.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn('larder'), RetentionDays: 7 });
  await cloud.rule('sold', { bus: 'larder' });
});
afterEach(() => cloud.engine.close());

const put = (n: number) => cloud.put({ n }, { EventBusName: 'larder' });
const start = (changes: object = {}) =>
  cloud.call('StartReplay', {
    ReplayName: 'again',
    EventSourceArn: 'arn:aws:events:us-east-1:000000000000:archive/all',
    EventStartTime: (cloud.kernel.time - day) / 1000,
    EventEndTime: (cloud.kernel.time + minute) / 1000,
    Destination: { Arn: busArn('larder') },
    ...changes,
  });
const replayed = () =>
  cloud.sent
    .map(({ message }) => JSON.parse(message.body) as { detail: { n: number }; 'replay-name'?: string })
    .filter((event) => event['replay-name'] === 'again');

describe('an archive', () => {
  test('keeps the events that match its pattern', async () => {
    await cloud.call('CreateArchive', { ArchiveName: 'some', EventSourceArn: busArn('larder'), EventPattern: '{"detail":{"n":[2]}}' });
    for (const n of [1, 2, 3]) await put(n);
    await expect(cloud.call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({ EventCount: 3, RetentionDays: 7 });
    await expect(cloud.call('DescribeArchive', { ArchiveName: 'some' })).resolves.toMatchObject({ EventCount: 1 });
  });

  test('forgets events after its retention', async () => {
    await put(1);
    await cloud.advance(6 * day);
    await put(2);
    await cloud.advance(2 * day);
    await expect(cloud.call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({ EventCount: 1 });
  });

  test('can be changed, listed and deleted', async () => {
    await cloud.call('UpdateArchive', { ArchiveName: 'all', RetentionDays: 1 });
    await expect(cloud.call('ListArchives', { EventSourceArn: busArn('larder') })).resolves.toMatchObject({
      Archives: [{ ArchiveName: 'all', RetentionDays: 1 }],
    });
    await cloud.call('DeleteArchive', { ArchiveName: 'all' });
    await expect(cloud.call('DescribeArchive', { ArchiveName: 'all' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('a replay', () => {
  test('gives archived events to the bus again, minute by minute, with its name', async () => {
    for (let n = 0; n < 120; n++) {
      await put(n);
      if (n % 40 === 39) cloud.kernel.time += minute;
    }
    await expect(start()).resolves.toMatchObject({ State: 'STARTING' });
    await cloud.engine.replaysSettled();
    const numbers = replayed().map(({ detail }) => detail.n);
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n));
    expect(numbers.map((n) => Math.floor(n / 40))).toEqual([...Array(40).fill(0), ...Array(40).fill(1), ...Array(40).fill(2)]);
    await expect(cloud.call('DescribeReplay', { ReplayName: 'again' })).resolves.toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: expect.any(Number),
    });
  });

  test('is not archived again', async () => {
    await put(1);
    await start();
    await cloud.engine.replaysSettled();
    await expect(cloud.call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({ EventCount: 1 });
  });

  test('goes to the given rules only', async () => {
    await cloud.rule('other', { bus: 'larder', target: { Arn: queue('other') } });
    await put(1);
    cloud.sent.length = 0;
    await start({ Destination: { Arn: busArn('larder'), FilterArns: ['arn:aws:events:us-east-1:000000000000:rule/larder/other'] } });
    await cloud.engine.replaysSettled();
    expect(cloud.sent.map(({ queueArn }) => queueArn)).toEqual([queue('other')]);
  });

  test('takes events from its start up to, and without, its end', async () => {
    const from = cloud.kernel.time;
    for (const n of [0, 1, 2]) {
      await put(n);
      cloud.kernel.time += 10_000;
    }
    await start({ EventStartTime: (from + 10_000) / 1000, EventEndTime: (from + 20_000) / 1000 });
    await cloud.engine.replaysSettled();
    expect(replayed().map(({ detail }) => detail.n)).toEqual([1]);
  });

  test('takes what came after its start in the same second, which the time of an event does not tell', async () => {
    const from = cloud.kernel.time + 500;
    cloud.kernel.time += 700;
    await put(1);
    await start({ EventStartTime: from / 1000 });
    await cloud.engine.replaysSettled();
    expect(replayed()).toHaveLength(1);
  });

  test('can be cancelled', async () => {
    await put(1);
    await start();
    await cloud.call('CancelReplay', { ReplayName: 'again' });
    await cloud.engine.replaysSettled();
    expect(replayed()).toHaveLength(0);
    await expect(cloud.call('ListReplays', { State: 'CANCELLED' })).resolves.toMatchObject({ Replays: [{ ReplayName: 'again' }] });
    await expect(cloud.call('CancelReplay', { ReplayName: 'again' })).rejects.toMatchObject({ code: 'IllegalStatusException' });
  });

  test('that was half done goes on after a restart', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'larder-events-'));
    await cloud.engine.close();
    try {
      cloud = await fixture({ stateDirectory });
      await cloud.call('CreateEventBus', { Name: 'larder' });
      await cloud.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn('larder') });
      await cloud.rule('sold', { bus: 'larder' });
      for (let n = 0; n < 120; n++) await put(n);
      await start();
      await new Promise((resolve) => setImmediate(resolve));
      await cloud.engine.close();
      const before = replayed().map(({ detail }) => detail.n);
      expect(before.length).toBeGreaterThan(0);
      expect(before.length).toBeLessThan(120);
      cloud = await fixture({ stateDirectory });
      await cloud.engine.replaysSettled();
      const numbers = [...before, ...replayed().map(({ detail }) => detail.n)];
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n));
      await expect(cloud.call('DescribeReplay', { ReplayName: 'again' })).resolves.toMatchObject({ State: 'COMPLETED' });
    } finally {
      rmSync(stateDirectory, { recursive: true });
    }
  });

  test('that is one of a storm asks no target for more than 64 events at once', async () => {
    await cloud.engine.close();
    let [now, most] = [0, 0];
    const beforeSend = async (): Promise<void> => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    };
    cloud = await fixture({ beforeSend });
    await cloud.call('CreateEventBus', { Name: 'larder' });
    await cloud.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn('larder') });
    await cloud.rule('sold', { bus: 'larder' });
    for (let n = 0; n < 200; n++) await put(n);
    for (let storm = 0; storm < 5; storm++) await start({ ReplayName: `storm-${storm}` });
    await cloud.engine.replaysSettled();
    expect(cloud.sent).toHaveLength(200 * 6);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(64);
  });

  test('goes to no other bus, and needs a name of its own', async () => {
    await expect(start({ Destination: { Arn: busArn('default') } })).rejects.toMatchObject({ code: 'ValidationException' });
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
  });
});
