import type { Invoker } from './invoker.ts';
import { toMapping } from './mapping.ts';
import { startQueueMapping } from './queue-mapping.ts';
import { createTimers } from './timers.ts';
import { ROLE, testCloud, until, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

/** Logs the bodies of every batch; a body that begins with `bad` fails the batch, `poison` is answered as failed. */
const WORKER = `exports.handler = async ({ Records }) => {
  console.log(JSON.stringify(Records.map((record) => record.body)));
  if (Records.some(({ body }) => body.startsWith('bad'))) throw new Error('bad batch');
  return { batchItemFailures: Records.filter(({ body }) => body.startsWith('poison')).map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

const map = (queue: string, properties: Record<string, unknown> = {}) =>
  cloud.apply('AWS::Lambda::EventSourceMapping', { FunctionName: 'worker', EventSourceArn: queue, BatchSize: 10, ...properties });
const batches = (): string[][] =>
  cloud.told.flatMap((activity) =>
    activity.kind === 'log' && activity.line.startsWith('[') ? [JSON.parse(activity.line) as string[]] : [],
  );
const runs = (): number => cloud.told.filter(({ kind }) => kind === 'invocation').length;
const PARTIAL = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

test('a message is given at once, and deleted when the function has succeeded', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await map(queue);
  await cloud.queues.send(queue, { body: 'one', traceHeader: 'Root=1-abc-def;Parent=1;Sampled=1' });
  await until(() => cloud.queues.bodies(queue).length === 0, 'the message is deleted');
  expect(batches()).toEqual([['one']]);
  expect(cloud.told.find(({ kind }) => kind === 'invocation')).toMatchObject({
    trigger: 'sqs:jobs',
    traceHeader: expect.stringContaining('Root=1-abc-def;') as string,
  });
});

test('what is there is given as one batch, up to the batch size', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  for (let index = 0; index < 5; index += 1) await cloud.queues.send(queue, { body: String(index) });
  await map(queue, { BatchSize: 3 });
  await until(() => cloud.queues.bodies(queue).length === 0, 'all are deleted');
  expect(
    batches()
      .map(({ length }) => length)
      .sort(),
  ).toEqual([2, 3]);
});

test('a batching window gathers a batch beyond ten messages', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  for (let index = 0; index < 12; index += 1) await cloud.queues.send(queue, { body: String(index) });
  await map(queue, { BatchSize: 12, MaximumBatchingWindowInSeconds: 1 });
  await until(() => cloud.queues.bodies(queue).length === 0, 'all are deleted');
  expect(batches().map(({ length }) => length)).toEqual([12]);
});

test('an error returns the whole batch after the visibility timeout, and not before', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await cloud.queues.send(queue, { body: 'good' });
  await cloud.queues.send(queue, { body: 'bad' });
  await map(queue, PARTIAL);
  await until(() => runs() === 1, 'the first try');
  expect(cloud.queues.bodies(queue)).toEqual(['good', 'bad']);
  cloud.pass(29_000);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(runs()).toBe(1);
  cloud.pass(1500);
  await until(() => runs() === 2, 'the second try');
});

test('with partial answers only the failed messages come again', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  for (const body of ['good', 'poison', 'fine']) await cloud.queues.send(queue, { body });
  await map(queue, PARTIAL);
  await until(() => cloud.queues.bodies(queue).length === 1, 'two are deleted');
  expect(cloud.queues.bodies(queue)).toEqual(['poison']);
  cloud.pass(31_000);
  await until(() => batches().length === 2, 'the second try');
  expect(batches()[1]).toEqual(['poison']);
});

test('without partial answers the function answer is not looked at', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await cloud.queues.send(queue, { body: 'poison' });
  await map(queue);
  await until(() => cloud.queues.bodies(queue).length === 0, 'it is deleted');
});

test.each([
  ['an unknown id', `{ batchItemFailures: [{ itemIdentifier: 'stranger' }] }`],
  ['an empty id', `{ batchItemFailures: [{ itemIdentifier: '' }] }`],
  ['a wrong key', `{ batchItemFailures: [{ id: 'x' }] }`],
  ['something that is no object', `'done'`],
])('an answer with %s fails the whole batch', async (_what, answer) => {
  await cloud.define('worker', `exports.handler = async () => (${answer});`);
  const queue = cloud.queues.create('jobs');
  await cloud.queues.send(queue, { body: 'one' });
  await map(queue, PARTIAL);
  await until(() => runs() === 1, 'the try');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(cloud.queues.bodies(queue)).toEqual(['one']);
});

test('maximum concurrency bounds the batches that are with the function', async () => {
  await cloud.define(
    'worker',
    `const { setTimeout: sleep } = require('node:timers/promises'); exports.handler = async () => { console.log('+'); await sleep(100); console.log('-'); };`,
  );
  const queue = cloud.queues.create('jobs');
  for (let index = 0; index < 8; index += 1) await cloud.queues.send(queue, { body: String(index) });
  await map(queue, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
  await until(() => cloud.queues.bodies(queue).length === 0, 'all are deleted');
  let now = 0;
  let most = 0;
  for (const activity of cloud.told) if (activity.kind === 'log') most = Math.max(most, (now += activity.line === '+' ? 1 : -1));
  expect(most).toBe(2);
});

test('a throttled batch is put back into the hands of the mapping and given again', async () => {
  await cloud.define('worker', WORKER);
  let throttles = 3;
  cloud.faults = { onInvocation: () => (throttles-- > 0 ? { kind: 'throttle' } : undefined) };
  const queue = cloud.queues.create('jobs');
  await cloud.queues.send(queue, { body: 'one' });
  await map(queue);
  await until(() => cloud.queues.bodies(queue).length === 0, 'it is deleted');
  expect(cloud.told.flatMap((activity) => (activity.kind === 'invocation' ? [activity.outcome] : []))).toEqual([
    'throttled',
    'throttled',
    'throttled',
    'ok',
  ]);
});

test('filter criteria: what does not match is deleted without an invocation', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await cloud.queues.send(queue, { body: '{"type":"no"}' });
  await cloud.queues.send(queue, { body: '{"type":"yes"}' });
  await map(queue, { FilterCriteria: { Filters: [{ Pattern: '{"body":{"type":["yes"]}}' }] } });
  await until(() => cloud.queues.bodies(queue).length === 0, 'both are deleted');
  expect(batches()).toEqual([['{"type":"yes"}']]);
});

test('more filters than an account has without asking are said', async () => {
  await cloud.define('worker', WORKER);
  const filters = (count: number) => ({
    FilterCriteria: { Filters: Array.from({ length: count }, () => ({ Pattern: '{"body":["x"]}' })) },
  });
  const notices = () => cloud.told.filter((activity) => activity.kind === 'notice' && activity.message.includes('filters'));
  await map(cloud.queues.create('five'), filters(5));
  expect(notices()).toEqual([]);
  await map(cloud.queues.create('six'), filters(6));
  expect(notices()).toHaveLength(1);
});

test('first-in-first-out: a failing group blocks itself only, and keeps its order', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs.fifo');
  for (const [groupId, body] of [
    ['a', 'bad-1'],
    ['b', 'b-1'],
    ['a', 'a-2'],
    ['b', 'b-2'],
  ] as const)
    await cloud.queues.send(queue, { body, groupId });
  await map(queue);
  await until(() => cloud.queues.bodies(queue).length === 2, 'group b is done');
  expect(cloud.queues.bodies(queue)).toEqual(['bad-1', 'a-2']);
  await cloud.queues.send(queue, { body: 'b-3', groupId: 'b' });
  await until(() => cloud.queues.bodies(queue).length === 2, 'group b goes on');
  expect(batches()).toEqual(expect.arrayContaining([['bad-1', 'a-2'], ['b-1', 'b-2'], ['b-3']]));
});

describe('creation is refused', () => {
  const refused = async (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'not refused',
      (error: Error) => error.message,
    );

  test('when the function timeout exceeds the visibility timeout', async () => {
    await cloud.define('worker', WORKER, { Timeout: 60 });
    expect(await refused(map(cloud.queues.create('jobs')))).toBe(
      'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
    );
  });

  test('when the role may not receive', async () => {
    await cloud.define('worker', WORKER, { Role: ROLE });
    cloud.denied.add('sqs:ReceiveMessage');
    expect(await refused(map(cloud.queues.create('jobs')))).toMatch(
      /^The provided execution role does not have permissions to call ReceiveMessage on SQS/,
    );
  });

  test('when a large batch has no window, and when a first-in-first-out batch is large or has a window', async () => {
    await cloud.define('worker', WORKER);
    expect(await refused(map(cloud.queues.create('jobs'), { BatchSize: 11 }))).toMatch(/batch window .* must be greater than 0/);
    expect(await refused(map(cloud.queues.create('jobs.fifo'), { BatchSize: 11 }))).toMatch(/FIFO queues is 10/);
    expect(await refused(map(cloud.queues.create('jobs.fifo'), { MaximumBatchingWindowInSeconds: 1 }))).toMatch(/not supported for FIFO/);
    expect(await refused(map(cloud.queues.create('jobs'), { ScalingConfig: { MaximumConcurrency: 1 } }))).toMatch(/from 2 to 1000/);
  });
});

test('faults on purpose: a batch is given twice, reversed, or late', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  const faults = [{ kind: 'duplicate' }, { kind: 'reverse' }, { kind: 'delay', ms: 10_000 }] as const;
  let next = 0;
  cloud.faults = { onDelivery: () => faults[next++] };
  await map(queue);
  const send = async (...bodies: string[]): Promise<void> => {
    for (const body of bodies) void cloud.queues.send(queue, { body });
  };
  await send('twice');
  await until(() => batches().length === 2, 'the duplicate');
  await send('first', 'second');
  await until(() => batches().length === 3, 'the reversed batch');
  expect(batches()).toEqual([['twice'], ['twice'], ['second', 'first']]);
  await send('late');
  await until(() => next === 3, 'the delay');
  expect(batches()).toHaveLength(3);
  cloud.pass(10_000);
  await until(() => batches().length === 4, 'the late batch');
});

test('a permission that is revoked meanwhile stops the reading, and says so', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await map(queue);
  cloud.denied.add('sqs:ReceiveMessage');
  await cloud.queues.send(queue, { body: 'in the standing receive' });
  await until(
    () => cloud.told.some((activity) => activity.kind === 'notice' && activity.message.includes('sqs:ReceiveMessage')),
    'the notice',
  );
  await cloud.queues.send(queue, { body: 'later' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(cloud.queues.bodies(queue)).toContain('later');
});

test('a change that is refused leaves the mapping as it was', async () => {
  await cloud.define('worker', WORKER);
  const queue = cloud.queues.create('jobs');
  await map(queue);
  cloud.queues.create('jobs', { VisibilityTimeout: '1' });
  await expect(map(queue, { BatchSize: 5 })).rejects.toThrow(/less than Function timeout/);
  await cloud.queues.send(queue, { body: 'one' });
  await until(() => cloud.queues.bodies(queue).length === 0, 'the message is deleted', 3000);
});

test('a mapping that is removed listens to nobody any more', () => {
  const listeners = new Set<unknown>();
  const invoker: Invoker = {
    run: () => Promise.reject(new Error('nothing to run')),
    limitOf: () => 1,
    onRoom(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const { kernel, queues } = cloud;
  const mapping = toMapping({ FunctionName: 'worker', EventSourceArn: queues.create('jobs') }, 'arn');
  const deps = { kernel, queues, invoker, timers: createTimers(kernel), visibilityMs: 30_000, concurrency: () => 1 };
  const reader = startQueueMapping(mapping, { ...deps, forbidden: () => undefined });
  expect(listeners.size).toBe(1);
  reader.stop();
  expect(listeners.size).toBe(0);
});
