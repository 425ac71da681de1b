import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../kernel/aws-error.ts';
import { runAndKill } from '../testing/killed.ts';
import { busArn, busy, fixture, forbidden, gone, queue, type Fixture } from './fixture.test-support.ts';
import { maximumHops } from './send.ts';

const minute = 60_000;
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
let cloud: Fixture;
beforeEach(async () => void (cloud = await fixture()));
afterEach(() => cloud.engine.close());

const withDlq = (target: object = {}) => ({ Arn: queue('q'), DeadLetterConfig: { Arn: queue('dlq') }, ...target });
const deadLetters = () => cloud.sent.filter(({ queueArn }) => queueArn === queue('dlq'));
const attributesOf = (index = 0) =>
  Object.fromEntries(Object.entries(deadLetters()[index]?.message.attributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]));

describe('a delivery', () => {
  test('names the message group of a FIFO queue', async () => {
    await cloud.rule('r', { target: { Arn: queue('q.fifo'), SqsParameters: { MessageGroupId: 'g' } } });
    await cloud.put();
    expect(cloud.sent[0]?.message.groupId).toBe('g');
  });

  test('to a topic is a message in the name of the rule', async () => {
    const topic = 'arn:aws:sns:us-east-1:000000000000:notices';
    await cloud.rule('r', { target: { Arn: topic, InputPath: '$.detail' } });
    await cloud.put({ sku: 'apple' });
    const principal = { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r' };
    expect(cloud.published).toMatchObject([{ topicArn: topic, message: '{"sku":"apple"}', principal }]);
  });

  test('to a topic that does not admit the rule is not tried again', async () => {
    const topic = 'arn:aws:sns:us-east-1:000000000000:notices';
    await cloud.rule('r', { target: withDlq({ Arn: topic }) });
    cloud.failing.set(topic, new AwsError('AuthorizationError', 'not admitted', 403));
    await cloud.put();
    expect(attributesOf()).toMatchObject({ TARGET_ARN: topic, ERROR_CODE: 'NO_PERMISSIONS' });
  });

  test('that fails for a while is stored before PutEvents answers, and tried again', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), busy);
    await expect(cloud.put()).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(cloud.engine.waiting()).toBe(1);
    cloud.failing.clear();
    await cloud.advance(999);
    expect(cloud.sent).toHaveLength(0);
    await cloud.advance(1);
    expect(cloud.sent.map(({ queueArn }) => queueArn)).toEqual([queue('q')]);
    expect(cloud.engine.waiting()).toBe(0);
  });

  test('waits longer after each failure, and ten minutes at most', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), busy);
    await cloud.put();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const wait = (cloud.engine.nextDue() ?? 0) - cloud.kernel.time;
      waits.push(wait / 1000);
      await cloud.advance(wait);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  });

  test('to a target that does not answer keeps PutEvents no longer than its patience, and is tried again', async () => {
    let hangs = true;
    const slow = await fixture({ patienceMs: 20, beforeSend: () => (hangs ? new Promise(() => {}) : Promise.resolve()) });
    await slow.rule('r', { target: withDlq() });
    await expect(slow.put()).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(slow.engine.waiting()).toBe(1);
    hangs = false;
    await slow.advance(minute);
    expect(slow.sent.map(({ queueArn }) => queueArn)).toEqual([queue('q')]);
    await slow.engine.close();
  });

  test('that waited when the process was killed is made by the next, and an event that was answered is in its archive', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'larder-events-'));
    try {
      runAndKill(
        import.meta.url,
        stateDirectory,
        `const { busArn, busy, fixture, queue } = await load('./fixture.test-support.ts');
         const cloud = await fixture({ stateDirectory: directory });
         await cloud.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn('default') });
         await cloud.rule('r');
         cloud.failing.set(queue('q'), busy);
         await cloud.put({ n: 7 });`,
      );
      const after = await fixture({ stateDirectory });
      await after.advance(minute);
      expect(after.sent.map(({ message }) => (JSON.parse(message.body) as { detail: unknown }).detail)).toEqual([{ n: 7 }]);
      await expect(after.call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({ EventCount: 1 });
      await after.engine.close();
    } finally {
      rmSync(stateDirectory, { recursive: true });
    }
  }, 30_000);

  test('outlives the process', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'larder-events-'));
    try {
      const before = await fixture({ stateDirectory });
      await before.rule('r', { target: withDlq() });
      before.failing.set(queue('q'), busy);
      await before.put({ n: 7 });
      await before.engine.close();
      const after = await fixture({ stateDirectory, time: before.kernel.time + minute });
      await after.engine.runDue();
      expect(after.sent.map(({ message }) => (JSON.parse(message.body) as { detail: unknown }).detail)).toEqual([{ n: 7 }]);
      await after.put();
      expect(after.sent).toHaveLength(2);
      await after.engine.close();
    } finally {
      rmSync(stateDirectory, { recursive: true });
    }
  });

  test('without permission goes straight to the dead-letter queue, and says why', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), forbidden);
    await cloud.put({ n: 1 });
    expect(cloud.engine.waiting()).toBe(0);
    expect(JSON.parse(deadLetters()[0]?.message.body ?? '')).toMatchObject({ source: 'shop', detail: { n: 1 } });
    expect(deadLetters()[0]?.principal).toEqual({
      service: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r',
    });
    expect(attributesOf()).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/r',
      TARGET_ARN: queue('q'),
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: forbidden.message,
    });
  });

  test('to a deleted target goes straight to the dead-letter queue', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), gone);
    await cloud.put();
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
  });

  test('to a function that was deleted goes straight to the dead-letter queue', async () => {
    await cloud.rule('r', { target: withDlq({ Arn: functionArn }) });
    cloud.failing.set(functionArn, new AwsError('ResourceNotFoundException', 'Function not found: f', 404));
    await cloud.put();
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE', TARGET_ARN: functionArn });
  });

  test('begins an execution of a state machine, if the role of the target may', async () => {
    const Arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:s';
    await cloud.rule('r', { target: withDlq({ Arn, RoleArn: 'arn:aws:iam::000000000000:role/allowed', InputPath: '$.detail' }) });
    await cloud.put({ sku: 'apple' });
    expect(cloud.started).toMatchObject([{ machineArn: Arn, input: '{"sku":"apple"}' }]);
    await cloud.rule('r', { target: withDlq({ Arn }) });
    await cloud.put({ sku: 'apple' });
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });
  });

  test('to a service that is not here goes to the dead-letter queue, and the rule is warned of', async () => {
    await cloud.rule('r', { target: withDlq({ Arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/s' }) });
    expect(cloud.kernel.told).toContainEqual(expect.objectContaining({ kind: 'notice', level: 'warn' }));
    await cloud.put();
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
  });

  test('whose transformed input is no JSON goes to the dead-letter queue with the event itself', async () => {
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a":"<a>"}' };
    await cloud.rule('r', { target: withDlq({ InputTransformer }) });
    await cloud.put({ a: 'with "quotes"' });
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'INVALID_JSON' });
    expect(JSON.parse(deadLetters()[0]?.message.body ?? '')).toMatchObject({ detail: { a: 'with "quotes"' } });
  });

  test('goes to the dead-letter queue after the attempts that its policy allows', async () => {
    await cloud.rule('r', { target: withDlq({ RetryPolicy: { MaximumRetryAttempts: 2 } }) });
    cloud.failing.set(queue('q'), busy);
    await cloud.put();
    await cloud.advance(minute);
    expect(deadLetters()).toHaveLength(0);
    await cloud.advance(minute);
    expect(attributesOf()).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '2',
    });
    expect(cloud.engine.waiting()).toBe(0);
  });

  test('with no retries allowed goes to the dead-letter queue at once', async () => {
    await cloud.rule('r', { target: withDlq({ RetryPolicy: { MaximumRetryAttempts: 0 } }) });
    cloud.failing.set(queue('q'), busy);
    await cloud.put();
    expect(attributesOf()).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: '0' });
  });

  test('goes to the dead-letter queue when the event is too old', async () => {
    await cloud.rule('r', { target: withDlq({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } }) });
    cloud.failing.set(queue('q'), busy);
    await cloud.put();
    await cloud.advance(59_000);
    expect(deadLetters()).toHaveLength(0);
    await cloud.advance(1_000);
    expect(attributesOf()).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds', RETRY_ATTEMPTS: '2' });
  });

  test('is tried 185 times or for 24 hours when nothing else is said', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), busy);
    await cloud.put();
    const start = cloud.kernel.time;
    while (cloud.engine.waiting() > 0) await cloud.advance((cloud.engine.nextDue() ?? 0) - cloud.kernel.time);
    expect(cloud.kernel.time - start).toBe(24 * 60 * minute);
    expect(attributesOf()['EXHAUSTED_RETRY_CONDITION']).toBe('MaximumEventAgeInSeconds');
  });

  test('waits for a dead-letter queue that is busy', async () => {
    await cloud.rule('r', { target: withDlq() });
    cloud.failing.set(queue('q'), gone).set(queue('dlq'), busy);
    await cloud.put();
    expect(cloud.engine.waiting()).toBe(1);
    cloud.failing.delete(queue('dlq'));
    await cloud.advance(minute);
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
  });

  test('without a dead-letter queue is dropped, and that is said', async () => {
    await cloud.rule('r');
    cloud.failing.set(queue('q'), gone);
    await cloud.put();
    expect(cloud.kernel.told).toContainEqual(expect.objectContaining({ kind: 'notice', level: 'error' }));
  });

  test('to another bus is matched by its rules, with the same id', async () => {
    await cloud.call('CreateEventBus', { Name: 'other' });
    await cloud.rule('on', { target: { Arn: busArn('other'), RoleArn: 'arn:aws:iam::000000000000:role/allowed' } });
    await cloud.rule('there', { bus: 'other' });
    const { Entries } = await cloud.put({}, { TraceHeader: 'Root=1' });
    expect(JSON.parse(cloud.sent[0]?.message.body ?? '')).toMatchObject({ id: Entries[0]?.['EventId'] });
    expect(cloud.sent[0]?.message.traceHeader).toBe('Root=1');
  });

  test("to another bus needs the permission of the target's role", async () => {
    await cloud.call('CreateEventBus', { Name: 'other' });
    await cloud.rule('on', { target: withDlq({ Arn: busArn('other'), RoleArn: 'arn:aws:iam::000000000000:role/forbidden' }) });
    await cloud.put();
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'no statement' });
  });

  test('to a bus that does not exist goes to the dead-letter queue', async () => {
    await cloud.rule('on', { target: withDlq({ Arn: busArn('nowhere') }) });
    await cloud.put();
    expect(attributesOf()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
  });

  test('that goes round in a loop of buses ends', async () => {
    await cloud.rule('loop', { target: withDlq({ Arn: busArn('default') }) });
    await cloud.put();
    expect(deadLetters()).toHaveLength(1);
    expect(cloud.kernel.told.filter(({ kind }) => kind === 'event')).toHaveLength(maximumHops + 1);
  });
});
