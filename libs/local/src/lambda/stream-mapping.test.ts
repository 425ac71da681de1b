import { testCloud, until, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

/** Logs the keys of every batch; a value that begins with `bad` fails the batch, `poison` is answered as failed. */
const READER = `exports.handler = async ({ Records }) => {
  console.log(JSON.stringify(Records.map(({ dynamodb }) => dynamodb.Keys.id.S)));
  if (Records.some(({ dynamodb }) => dynamodb.NewImage.value.S.startsWith('bad'))) throw new Error('bad batch');
  const failed = Records.filter(({ dynamodb }) => dynamodb.NewImage.value.S.startsWith('poison'));
  return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
};`;
const PARTIAL = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

const map = (stream: string, properties: Record<string, unknown> = {}, FunctionName = 'reader') =>
  cloud.apply('AWS::Lambda::EventSourceMapping', { FunctionName, EventSourceArn: stream, StartingPosition: 'TRIM_HORIZON', ...properties });
const batches = (name = 'reader'): string[][] =>
  cloud.told.flatMap((one) =>
    one.kind === 'log' && one.functionName === name && one.line.startsWith('["') ? [JSON.parse(one.line) as string[]] : [],
  );
const keys = (name?: string): string[] => batches(name).flat();
const write = (stream: string, ...items: string[]): void =>
  cloud.streams.write(
    stream,
    items.map((item) => ({ key: item.split('=')[0] ?? '', value: item.split('=')[1] ?? '' })),
  );
/** Lets the retries' backoff pass. */
const retry = (): void => cloud.pass(30_000);

test('records are given in order, at once, with what a Lambda event says of its source', async () => {
  await cloud.define('reader', 'exports.handler = async ({ Records }) => console.log(JSON.stringify(Records));');
  const stream = cloud.streams.create('orders');
  await map(stream);
  write(stream, 'a', 'b', 'c');
  await until(() => cloud.told.some(({ kind }) => kind === 'invocation'), 'an invocation');
  const line = cloud.told.find(({ kind }) => kind === 'log') as { line: string };
  const records = JSON.parse(line.line) as {
    eventSourceARN: string;
    eventSource: string;
    awsRegion: string;
    dynamodb: { Keys: { id: { S: string } } };
  }[];
  expect(records.map(({ dynamodb }) => dynamodb.Keys.id.S)).toEqual(['a', 'b', 'c']);
  expect(records[0]).toMatchObject({ eventSource: 'aws:dynamodb', eventSourceARN: stream, awsRegion: 'us-east-1', eventName: 'INSERT' });
});

test('a batch holds at most the batch size, and a window gathers', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  write(stream, 'a', 'b', 'c');
  await map(stream, { BatchSize: 2 });
  await until(() => keys().length === 3, 'all three');
  expect(batches()).toEqual([['a', 'b'], ['c']]);

  await cloud.define('gatherer', READER);
  await map(stream, { MaximumBatchingWindowInSeconds: 10, StartingPosition: 'LATEST' }, 'gatherer');
  await new Promise((resolve) => setTimeout(resolve, 10));
  write(stream, 'd');
  write(stream, 'e');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(keys('gatherer')).toEqual([]);
  cloud.pass(10_000);
  await until(() => keys('gatherer').length === 2, 'the window ends');
  expect(batches('gatherer')).toEqual([['d', 'e']]);
});

test('LATEST gives what is written from then on, TRIM_HORIZON everything', async () => {
  await cloud.define('reader', READER);
  await cloud.define('late', READER);
  const stream = cloud.streams.create('orders');
  write(stream, 'before');
  await map(stream);
  await map(stream, { StartingPosition: 'LATEST' }, 'late');
  await until(() => keys().length === 1, 'the old record');
  write(stream, 'after');
  await until(() => keys('late').length === 1 && keys().length === 2, 'the new record');
  expect(keys()).toEqual(['before', 'after']);
  expect(keys('late')).toEqual(['after']);
});

test('two functions on one stream have positions of their own', async () => {
  await cloud.define('reader', READER);
  await cloud.define('failing', `exports.handler = async () => { throw new Error('always'); };`);
  const stream = cloud.streams.create('orders');
  await map(stream);
  await map(stream, {}, 'failing');
  write(stream, 'a');
  await until(() => keys().length === 1, 'the first record');
  write(stream, 'b');
  await until(() => keys().length === 2, 'the second record');
});

test('a poison record blocks its shard by default, until it is mended', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { BatchSize: 1 });
  write(stream, 'a=bad', 'b');
  for (let tries = 1; tries <= 4; tries += 1) {
    await until(() => batches().length >= tries, `try ${String(tries)}`);
    retry();
  }
  expect(new Set(keys())).toEqual(new Set(['a']));
  await cloud.define('reader', READER.replace(`startsWith('bad')`, `startsWith('nothing')`));
  await until(() => (retry(), keys().includes('b')), 'the shard goes on');
});

test('the retries that are allowed are made; then the on-failure destination gets metadata only, and the shard goes on', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  const failures = cloud.queues.create('failures');
  await map(stream, { BatchSize: 2, MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: failures } } });
  write(stream, 'a=bad', 'b', 'c');
  await until(() => (retry(), keys().includes('c')), 'the shard goes on');
  expect(batches()).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
  const [body = ''] = cloud.queues.bodies(failures);
  const record = JSON.parse(body) as Record<string, unknown>;
  expect(record).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:reader:$LATEST',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    DDBStreamBatchInfo: { shardId: 'shard-1', batchSize: 2, streamArn: stream },
  });
  expect(body).not.toContain('NewImage');
});

test('bisecting isolates the record that fails, without counting as a retry', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  const failures = cloud.queues.create('failures');
  write(stream, 'a', 'b', 'c=bad', 'd');
  await map(stream, {
    BatchSize: 4,
    MaximumRetryAttempts: 0,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: failures } },
  });
  await until(() => (retry(), keys().at(-1) === 'd' && cloud.queues.bodies(failures).length === 1), 'the end');
  expect(batches()).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['c', 'd'], ['c'], ['d']]);
  expect(JSON.parse(cloud.queues.bodies(failures)[0] ?? '')).toMatchObject({ DDBStreamBatchInfo: { batchSize: 1 } });
});

test('a partial failure resumes at the lowest failed sequence number', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  write(stream, 'a', 'b=poison', 'c', 'd=poison');
  await map(stream, { ...PARTIAL, MaximumRetryAttempts: 1 });
  await until(() => (retry(), batches().length === 2 && cloud.told.some(({ kind }) => kind === 'notice')), 'the batch is given up');
  expect(batches()).toEqual([
    ['a', 'b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test('records that are too old are given up without the function', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  const failures = cloud.queues.create('failures');
  write(stream, 'old');
  cloud.pass(120_000);
  write(stream, 'young');
  await map(stream, { MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: failures } } });
  await until(() => keys().length === 1, 'the young record');
  expect(keys()).toEqual(['young']);
  expect(JSON.parse(cloud.queues.bodies(failures)[0] ?? '')).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded' } });
});

test('filtered records are skipped, and not read again', async () => {
  cloud = await replaceByDurable(cloud);
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { NewImage: { value: { S: ['yes'] } } } }) }] } });
  write(stream, 'a=no', 'b=yes', 'c=no');
  await until(() => keys().length === 1, 'the one that matches');
  await cloud.restart();
  write(stream, 'd=yes');
  await until(() => keys().length === 2, 'the next that matches');
  expect(keys()).toEqual(['b', 'd']);
});

test('a long stretch that is filtered lets others run meanwhile', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  write(stream, ...Array.from({ length: 1000 }, (_, index) => `k${String(index)}=no`), 'last=yes');
  let turns = 0;
  let counting = true;
  const turn = (): void => {
    turns += 1;
    if (counting) setImmediate(turn);
  };
  cloud.faults = { onDelivery: () => void (counting = false) };
  turn();
  const Pattern = JSON.stringify({ dynamodb: { NewImage: { value: { S: ['yes'] } } } });
  await map(stream, { BatchSize: 10, FilterCriteria: { Filters: [{ Pattern }] } });
  await until(() => !counting, 'the one that matches');
  expect(turns).toBeGreaterThan(50);
});

test('throttled invocations do not count as retries', async () => {
  await cloud.define('reader', READER);
  let throttles = 4;
  cloud.faults = { onInvocation: () => (throttles-- > 0 ? { kind: 'throttle' } : undefined) };
  const stream = cloud.streams.create('orders');
  await map(stream, { MaximumRetryAttempts: 0 });
  write(stream, 'a');
  await until(() => (retry(), keys().length === 1), 'the record');
});

test('the parallelization factor keeps the order of each key', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  const items = Array.from({ length: 60 }, (_, index) => ({ key: `k${String(index % 6)}`, value: String(index) }));
  await map(stream, { ParallelizationFactor: 4, BatchSize: 3 });
  await cloud.define(
    'values',
    `exports.handler = async ({ Records }) => console.log(JSON.stringify(Records.map(({ dynamodb: { Keys, NewImage } }) => Keys.id.S + ':' + NewImage.value.S)));`,
  );
  await map(stream, { ParallelizationFactor: 4, BatchSize: 3 }, 'values');
  cloud.streams.write(stream, items);
  await until(() => keys('values').length === 60, 'all records');
  for (let key = 0; key < 6; key += 1) {
    const mine = keys('values').filter((entry) => entry.startsWith(`k${String(key)}:`));
    expect(mine).toEqual(items.filter((item) => item.key === `k${String(key)}`).map((item) => `${item.key}:${item.value}`));
  }
});

test('a failing key does not stop the lanes of other keys', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { ParallelizationFactor: 10, BatchSize: 1 });
  write(stream, 'a=bad', ...Array.from({ length: 10 }, (_, index) => `k${String(index)}`));
  await until(() => new Set(keys()).size > 4, 'other keys');
});

test('positions survive a restart: nothing is missed, and what succeeded is not given again', async () => {
  cloud = await replaceByDurable(cloud);
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { StartingPosition: 'LATEST' });
  write(stream, 'a');
  await until(() => keys().length === 1, 'the first record');
  const { engine } = cloud;
  await engine.close();
  write(stream, 'while it was down');
  await cloud.restart();
  await until(() => keys().length === 2, 'the record of the pause');
  expect(keys()).toEqual(['a', 'while it was down']);
});

test('what is cut off by the end of the cloud has not failed: it is given again after the next start', async () => {
  cloud = await replaceByDurable(cloud);
  const log = 'console.log(JSON.stringify(Records.map(({ dynamodb }) => dynamodb.Keys.id.S)));';
  await cloud.define('reader', `exports.handler = ({ Records }) => { ${log} return new Promise(() => {}); };`, { Timeout: 900 });
  const stream = cloud.streams.create('orders');
  const failures = cloud.queues.create('failures');
  await map(stream, { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: failures } } });
  write(stream, 'a');
  await until(() => keys().length === 1, 'the record is with the function');
  await cloud.restart();
  await until(() => keys().length === 2, 'the record is given again');
  expect(cloud.queues.bodies(failures)).toEqual([]);
}, 20_000);

test('a new shard is read from its beginning', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { StartingPosition: 'LATEST' });
  await new Promise((resolve) => setTimeout(resolve, 10));
  cloud.streams.write(stream, [{ key: 'in a new shard' }], 'shard-2');
  await until(() => keys().length === 1, 'the record');
});

test('creation is refused when the role may not read the stream', async () => {
  await cloud.define('reader', READER);
  cloud.denied.add('dynamodb:GetRecords');
  await expect(map(cloud.streams.create('orders'))).rejects.toThrow(
    /^Cannot access stream .* Please ensure the role can perform the GetRecords/,
  );
});

async function replaceByDurable(old: TestCloud): Promise<TestCloud> {
  await old.close();
  return testCloud({ durable: true });
}

test('what came of a shard is read after the shard, so that a key keeps its order through a split', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, { BatchSize: 1 });
  write(stream, 'a=bad', 'b');
  await until(() => keys().length > 0, 'the first record');
  cloud.streams.split(stream);
  cloud.streams.write(stream, [{ key: 'c' }], 'shard-2');
  await until(() => (retry(), batches().length >= 4), 'some tries');
  expect(new Set(keys())).toEqual(new Set(['a']));
  await cloud.define('reader', READER.replace(`startsWith('bad')`, `startsWith('nothing')`));
  await until(() => (retry(), keys().includes('c')), 'the record after the split');
  expect(keys().indexOf('b')).toBeLessThan(keys().indexOf('c'));
});

test('a reader is as far behind as its oldest record that is not done', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream, PARTIAL);
  write(stream, 'a', 'b=poison', 'c');
  await until(() => batches().length === 1, 'the first try');
  cloud.pass(5_000);
  const [behind] = await cloud.engine.readers();
  expect(behind).toMatchObject({ functionName: 'reader', stream: 'orders' });
  expect(behind?.behindMs).toBeGreaterThanOrEqual(5_000);
});

test('a reader that has done all is not behind', async () => {
  await cloud.define('reader', READER);
  const stream = cloud.streams.create('orders');
  await map(stream);
  write(stream, 'a', 'b');
  await until(() => cloud.told.some(({ kind }) => kind === 'invocation'), 'an invocation');
  await new Promise((resolve) => setTimeout(resolve, 50));
  cloud.pass(5_000);
  expect(await cloud.engine.readers()).toEqual([{ functionName: 'reader', stream: 'orders', behindMs: 0 }]);
});
