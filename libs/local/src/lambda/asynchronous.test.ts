import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAndKill } from '../testing/killed.ts';
import { testKernel } from '../testing/kernel.ts';
import { createAsynchronous } from './asynchronous.ts';
import type { Destinations } from './destinations.ts';
import type { Functions, LambdaFunction } from './functions.ts';
import type { Invoker } from './invoker.ts';
import { openStore } from './store.ts';
import { createTimers } from './timers.ts';
import { testCloud, until, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ durable: true });
});
afterEach(() => cloud.close());

const MINUTE = 60_000;
const FAILING = `exports.handler = async () => { throw new TypeError('no luck'); };`;
const OK = `exports.handler = async (event) => ({ seen: event });`;

const send = (name: string, event: unknown = { n: 1 }) =>
  cloud.engine.lambda.invoke({
    functionName: name,
    payload: JSON.stringify(event),
    type: 'Event',
    traceHeader: 'Root=1-0-0;Parent=1;Sampled=1',
  });
const runs = () => cloud.told.flatMap((activity) => (activity.kind === 'invocation' ? [activity] : []));
const configure = (properties: Record<string, unknown>) =>
  cloud.apply('AWS::Lambda::EventInvokeConfig', { FunctionName: 'worker', Qualifier: '$LATEST', ...properties });
const bodies = (queue: string) => cloud.queues.bodies(queue).map((body) => JSON.parse(body) as Record<string, unknown>);
const quiet = () => new Promise((resolve) => setTimeout(resolve, 40));

test('an Event invocation answers 202 at once, and runs', async () => {
  await cloud.define('worker', OK);
  expect(await send('worker')).toEqual({ status: 202, payload: '' });
  await until(() => runs().length === 1, 'the invocation');
  expect(runs()[0]).toMatchObject({ outcome: 'ok', traceHeader: expect.stringContaining('Root=1-0-0;') as string });
});

test('a failure is retried twice, after one and two minutes, under the same request id', async () => {
  await cloud.define('worker', FAILING);
  await send('worker');
  await until(() => runs().length === 1, 'the first try');
  await quiet();
  cloud.pass(MINUTE - 2000);
  await quiet();
  expect(runs()).toHaveLength(1);
  cloud.pass(2500);
  await until(() => runs().length === 2, 'the second try');
  await quiet();
  cloud.pass(MINUTE + 1000);
  await quiet();
  expect(runs()).toHaveLength(2);
  cloud.pass(MINUTE);
  await until(() => runs().length === 3, 'the third try');
  await quiet();
  cloud.pass(10 * MINUTE);
  await quiet();
  expect(runs()).toHaveLength(3);
  expect(new Set(runs().map(({ requestId }) => requestId)).size).toBe(1);
});

test('a retry that becomes due while the queue is looked at is not forgotten', async () => {
  // A clock that goes on by a millisecond whenever it is asked: every moment falls between two looks once.
  for (let early = 1; early <= 4; early += 1) {
    let time = 1_000_000;
    const kernel = testKernel({ now: () => (time += 1) });
    const fn = { name: 'worker', eventConfigurations: new Map() } as LambdaFunction;
    let tries = 0;
    const store = openStore(undefined);
    const timers = createTimers(kernel);
    const asynchronous = createAsynchronous(kernel, {
      functions: { find: () => fn, resolve: () => ({ fn, qualifier: '$LATEST' }) } as unknown as Functions,
      invoker: { run: async () => (tries++ === 0 ? { kind: 'error' } : { kind: 'ok' }), limitOf: () => 1 } as unknown as Invoker,
      destinations: {} as Destinations,
      store,
      timers,
    });
    asynchronous.accept({ target: 'worker', payload: '{}', trigger: 'test' });
    await until(() => store.nextDue('worker', time) !== undefined, 'the plan to try again');
    time = store.nextDue('worker', time)! - early;
    asynchronous.resume('worker');
    await until(() => tries === 2, `the second try, ${early} ms after the look`);
    asynchronous.pause();
    timers.close();
    await until(() => store.targets().length === 0, 'the end');
    store.close();
  }
});

test('with no retries a failure goes to the on-failure destination at once, with what was asked and answered', async () => {
  await cloud.define('worker', FAILING);
  const failures = cloud.queues.create('failures');
  await configure({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: failures } } });
  await send('worker', { order: 7 });
  await until(() => bodies(failures).length === 1, 'the record');
  expect(bodies(failures)[0]).toMatchObject({
    version: '1.0',
    requestContext: {
      requestId: runs()[0]?.requestId,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 1,
    },
    requestPayload: { order: 7 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'TypeError', errorMessage: 'no luck' },
  });
});

test('success goes to the on-success destination: an event bus, or a function', async () => {
  await cloud.define('worker', OK);
  await cloud.define('next', `exports.handler = async (event) => console.log(event.requestContext.condition);`);
  await configure({ DestinationConfig: { OnSuccess: { Destination: 'arn:aws:events:us-east-1:000000000000:event-bus/shop' } } });
  await send('worker', { order: 7 });
  await until(() => cloud.events.length === 1, 'the event');
  expect(cloud.events[0]).toMatchObject({
    bus: 'shop',
    event: { source: 'lambda', detailType: 'Lambda Function Invocation Result - Success' },
  });
  expect(JSON.parse(cloud.events[0]?.event['detail'] as string)).toMatchObject({
    requestPayload: { order: 7 },
    responsePayload: { seen: { order: 7 } },
  });

  await configure({
    DestinationConfig: { OnSuccess: { Destination: cloud.engine.functions.list().find(({ name }) => name === 'next')?.arn } },
  });
  await send('worker');
  await until(
    () => cloud.told.some((one) => one.kind === 'log' && one.functionName === 'next' && one.line === 'Success'),
    'the next function',
  );
});

test('the dead-letter queue gets the event as it came, and why', async () => {
  const letters = cloud.queues.create('letters');
  await cloud.define('worker', FAILING, { DeadLetterConfig: { TargetArn: letters } });
  await configure({ MaximumRetryAttempts: 0 });
  await send('worker', { order: 7 });
  await until(() => bodies(letters).length === 1, 'the letter');
  expect(cloud.queues.messages(letters)[0]).toMatchObject({
    body: '{"order":7}',
    attributes: {
      ErrorCode: { StringValue: '200' },
      ErrorMessage: { StringValue: 'no luck' },
      RequestID: { StringValue: runs()[0]?.requestId },
    },
  });
});

test('a destination that the role may not write to gets nothing, and that is said', async () => {
  await cloud.define('worker', OK);
  const queue = cloud.queues.create('done');
  await configure({ DestinationConfig: { OnSuccess: { Destination: queue } } });
  cloud.denied.add('sqs:SendMessage');
  await send('worker');
  await until(() => cloud.told.some((one) => one.kind === 'denied' && one.action === 'sqs:SendMessage'), 'the denial');
  expect(bodies(queue)).toEqual([]);
});

test('throttled events come back after 1 s, 2 s, 4 s… and are given up when they are too old', async () => {
  await cloud.define('worker', OK, { ReservedConcurrentExecutions: 0 });
  const failures = cloud.queues.create('failures');
  await configure({ MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: failures } } });
  await send('worker');
  await until(() => runs().length === 1, 'the first try');
  for (const [index, seconds] of [1, 2, 4, 8].entries()) {
    await quiet();
    cloud.pass(seconds * 1000 - 200);
    await quiet();
    expect(runs()).toHaveLength(index + 1);
    cloud.pass(300);
    await until(() => runs().length === index + 2, `try ${String(index + 2)}`);
  }
  expect(runs().every(({ outcome }) => outcome === 'throttled')).toBe(true);
  await until(() => (cloud.pass(20_000), bodies(failures).length === 1), 'the record');
  expect(bodies(failures)[0]).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } });
});

test('accepted events survive a restart', async () => {
  await cloud.define('worker', FAILING);
  await send('worker');
  await until(() => runs().length === 1, 'the first try');
  await quiet();
  await cloud.restart();
  cloud.pass(MINUTE);
  await until(() => runs().length === 2, 'the second try');
});

test('an event that was running when the cloud was killed runs again', async () => {
  await cloud.define('worker', `exports.handler = () => new Promise(() => {});`, { Timeout: 60 });
  await send('worker');
  await until(() => cloud.engine.functions.list()[0]?.running === 1, 'it runs');
  await cloud.restart();
  await until(() => cloud.engine.functions.list()[0]?.running === 1, 'it runs again');
  cloud.engine.functions.crash('worker');
});

test('an event beyond 1 MB is refused', async () => {
  await cloud.define('worker', OK);
  await expect(send('worker', 'x'.repeat(1024 * 1024))).rejects.toMatchObject({ code: 'RequestTooLargeException', status: 413 });
});

test('an event may run twice without any error: a fault on purpose', async () => {
  await cloud.define('worker', OK);
  let left = 1;
  cloud.faults = { onInvocation: () => (left-- > 0 ? { kind: 'duplicate' } : undefined) };
  await send('worker');
  await until(() => runs().length === 2, 'both');
  expect(runs().map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(new Set(runs().map(({ requestId }) => requestId)).size).toBe(1);
  await send('worker');
  await until(() => runs().length === 3, 'the next, once');
});

test.each([
  ['more than two retries', { MaximumRetryAttempts: 3 }],
  ['an age of less than a minute', { MaximumEventAgeInSeconds: 59 }],
  ['an age of more than six hours', { MaximumEventAgeInSeconds: 21_601 }],
])('%s are refused', async (_what, properties) => {
  await cloud.define('worker', OK);
  await expect(configure(properties)).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
});

test('an event that was accepted runs again after the process was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'larder-lambda-'));
  const mark = join(folder, 'runs');
  const source = `exports.handler = async (event) => {
    require('node:fs').appendFileSync(${JSON.stringify(mark)}, event.order + ' ');
    if (require('node:fs').readFileSync(${JSON.stringify(mark)}, 'utf8') === '7 ') await new Promise(() => {});
  };`;
  runAndKill(
    import.meta.url,
    folder,
    `const { testCloud, until } = await load('./test-fixtures/cloud.ts');
     const { existsSync } = await import('node:fs');
     const cloud = await testCloud({ durable: true, folder: directory });
     await cloud.define('worker', ${JSON.stringify(source)}, { Timeout: 60 });
     await cloud.engine.lambda.invoke({ functionName: 'worker', payload: '{"order":7}', type: 'Event' });
     await until(() => existsSync(${JSON.stringify(mark)}), 'it runs');`,
  );
  expect(readFileSync(mark, 'utf8')).toBe('7 ');
  const after = await testCloud({ durable: true, folder });
  await after.define('worker', source, { Timeout: 60 });
  await until(() => readFileSync(mark, 'utf8') === '7 7 ', 'it runs again');
  await until(() => after.told.some((activity) => activity.kind === 'invocation' && activity.outcome === 'ok'), 'it ends');
  await after.close();
  expect(existsSync(folder)).toBe(false);
}, 30_000);
