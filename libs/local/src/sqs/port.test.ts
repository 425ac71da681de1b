import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAndKill } from '../testing/killed.ts';
import { testKernel } from '../testing/kernel.ts';
import { createSqs, type Sqs } from './sqs.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const noIam = { admits: () => false };

test('who waits is not forgotten when a message becomes visible while the line is looked at', async () => {
  // A clock that goes on by a millisecond whenever it is asked: every moment falls between two looks once.
  let time = 1_000_000;
  let ticking = false;
  const sqs = await createSqs(testKernel({ now: () => (ticking ? (time += 1) : time) }), { iam: noIam });
  await sqs.resourceTypes[0]!.apply({ logicalId: 'Q', properties: { QueueName: 'q' }, stackName: 's', service: 's', packageDirectory: '' });
  try {
    for (let early = 1; early <= 6; early += 1) {
      await sqs.queues.send(arn('q'), { body: 'late', delaySeconds: 1 });
      time += 1000 - early;
      ticking = true;
      const [message] = await sqs.queues.receive(arn('q'), { max: 1, waitMs: 2000 });
      ticking = false;
      expect([early, message?.body]).toEqual([early, 'late']);
    }
  } finally {
    await sqs.close();
  }
}, 20_000);

describe('the port for other engines', () => {
  let sqs: Sqs;
  const port = () => sqs.queues;
  const make = (name: string, properties: object = {}) =>
    sqs.resourceTypes[0]!.apply({
      logicalId: 'Q',
      properties: { QueueName: name, ...properties },
      stackName: 's',
      service: 's',
      packageDirectory: '',
    });

  beforeEach(async () => {
    sqs = await createSqs(testKernel({ now: Date.now }), { iam: { admits: (policy) => (policy as { open?: boolean }).open === true } });
  });
  afterEach(() => sqs.close());

  test('who waits is woken when a delay ends, when a visibility timeout ends, and when a dead letter arrives', async () => {
    await make('dead');
    await make('q', { VisibilityTimeout: 1, RedrivePolicy: { deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 } });
    await port().send(arn('q'), { body: 'late', delaySeconds: 1 });
    const [first] = await port().receive(arn('q'), { max: 10, waitMs: 20_000 });
    expect(first?.body).toBe('late');
    const stop = new AbortController();
    const living = port().receive(arn('q'), { max: 10, waitMs: 20_000, signal: stop.signal });
    const dead = await port().receive(arn('dead'), { max: 10, waitMs: 20_000 });
    expect(dead.map(({ body }) => body)).toEqual(['late']);
    stop.abort();
    expect(await living).toEqual([]);
  }, 60_000);

  test('waiting ends with nothing when it is aborted, and leaves no one behind in the line', async () => {
    await make('q');
    const stop = new AbortController();
    const waiting = port().receive(arn('q'), { max: 1, waitMs: 20_000, signal: stop.signal });
    stop.abort();
    expect(await waiting).toEqual([]);
    await port().send(arn('q'), { body: 'one' });
    expect(await port().receive(arn('q'), { max: 1, waitMs: 0 })).toHaveLength(1);
  });

  test('of two who wait each message goes to one', async () => {
    await make('q');
    const waiting = [0, 1].map(() => port().receive(arn('q'), { max: 10, waitMs: 2000 }));
    await port().send(arn('q'), { body: 'one' });
    await port().send(arn('q'), { body: 'two' });
    const bodies = (await Promise.all(waiting)).flat().map(({ body }) => body);
    expect(bodies).toEqual(['one', 'two']);
  });

  test('a service is refused by a queue without a policy, and admitted by one that names it', async () => {
    await make('q');
    const principal = { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r' };
    await expect(port().send(arn('q'), { body: 'x' }, principal)).rejects.toMatchObject({ code: 'AccessDenied' });
    const policies = sqs.resourceTypes[1]!;
    const url = 'http://localhost:4566/000000000000/q';
    const { physicalId } = await policies.apply({
      logicalId: 'P',
      properties: { Queues: [url], PolicyDocument: { open: true } },
      stackName: 's',
      service: 's',
      packageDirectory: '',
    });
    await expect(port().send(arn('q'), { body: 'x' }, principal)).resolves.toEqual(expect.any(String));
    await policies.remove(physicalId);
    await expect(port().send(arn('q'), { body: 'x' }, principal)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('looking at messages does not receive them', async () => {
    await make('q');
    await port().send(arn('q'), { body: 'one' });
    expect(sqs.inspect(arn('q'), 10)).toMatchObject([{ body: 'one', state: 'visible', attributes: { ApproximateReceiveCount: '0' } }]);
    expect(await port().receive(arn('q'), { max: 1, waitMs: 0 })).toHaveLength(1);
  });

  test('a template applied again changes the settings and keeps the messages', async () => {
    const first = await make('q', { VisibilityTimeout: 10 });
    await port().send(arn('q'), { body: 'kept' });
    const again = await make('q', { VisibilityTimeout: 20 });
    expect(again).toEqual(first);
    expect(again.attributes).toMatchObject({ Arn: arn('q'), QueueName: 'q', QueueUrl: first.physicalId });
    expect(await port().attributes(arn('q'))).toMatchObject({ VisibilityTimeout: '20', ApproximateNumberOfMessages: '1' });
  });

  test('a FIFO name without FifoQueue is refused, and a generated FIFO name ends with .fifo', async () => {
    await expect(make('q.fifo')).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    const { attributes } = await make(undefined as never, { FifoQueue: true });
    expect(attributes['QueueName']).toMatch(/^s-Q-[0-9A-F]{12}\.fifo$/);
  });
});

test('what was answered outlives a process that is killed: messages, receives and deletes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
  try {
    runAndKill(
      import.meta.url,
      directory,
      `const { createSqs } = await load('./sqs.ts');
       const { testKernel } = await load('../testing/kernel.ts');
       const sqs = await createSqs(testKernel({ stateDirectory: directory, now: Date.now }), { iam: { admits: () => false } });
       await sqs.resourceTypes[0].apply({ logicalId: 'Q', properties: { QueueName: 'q', VisibilityTimeout: 600 }, stackName: 's' });
       for (const body of ['deleted', 'in flight', 'waiting']) await sqs.queues.send('${arn('q')}', { body });
       const [first] = await sqs.queues.receive('${arn('q')}', { max: 2, waitMs: 0 });
       await sqs.queues.delete('${arn('q')}', [first.receiptHandle]);`,
    );
    const after = await createSqs(testKernel({ stateDirectory: directory, now: Date.now }), { iam: noIam });
    expect(after.inspect(arn('q'), 10).map(({ body, state }) => [body, state])).toEqual([
      ['in flight', 'in flight'],
      ['waiting', 'visible'],
    ]);
    await after.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 30_000);

test('what was sent, received and counted outlives the engine', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
  const open = () => createSqs(testKernel({ stateDirectory: directory, now: Date.now }), { iam: noIam });
  const make = (sqs: Sqs) =>
    sqs.resourceTypes[0]!.apply({ logicalId: 'Q', properties: { QueueName: 'q' }, stackName: 's', service: 's', packageDirectory: '' });
  try {
    const before = await open();
    await make(before);
    await before.queues.send(arn('q'), { body: 'in flight' });
    const [held] = await before.queues.receive(arn('q'), { max: 1, waitMs: 0 });
    await before.queues.send(arn('q'), { body: 'waiting' });
    // A second connection reads what a killed process left: nothing of the first is closed.
    const after = await open();
    expect((await after.queues.receive(arn('q'), { max: 10, waitMs: 0 })).map(({ body }) => body)).toEqual(['waiting']);
    await after.queues.delete(arn('q'), [held!.receiptHandle]);
    expect(after.inspect(arn('q'), 10).map(({ body }) => body)).toEqual(['waiting']);
    await before.close();
    await after.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
