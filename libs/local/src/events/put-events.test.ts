import { fixture, queue, type Fixture } from './fixture.test-support.ts';

let cloud: Fixture;
beforeEach(async () => void (cloud = await fixture()));
afterEach(() => cloud.engine.close());

const entry = (changes: object = {}) => ({ Source: 'shop', DetailType: 'Sold', Detail: '{}', ...changes });
const put = (Entries: object[]) => cloud.call<{ FailedEntryCount: number; Entries: Record<string, string>[] }>('PutEvents', { Entries });

describe('PutEvents', () => {
  test('gives a matching event to the queue before it answers, as AWS shapes it', async () => {
    await cloud.rule('sold');
    const { Entries } = await cloud.put({ n: 1 }, { Resources: ['r'], Time: 1767614400.9 });
    expect(cloud.sent).toHaveLength(1);
    expect(cloud.sent[0]?.queueArn).toBe(queue('q'));
    expect(JSON.parse(cloud.sent[0]?.message.body ?? '')).toEqual({
      version: '0',
      id: Entries[0]?.['EventId'],
      'detail-type': 'Sold',
      source: 'shop',
      account: '000000000000',
      time: '2026-01-05T12:00:00Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { n: 1 },
    });
  });

  test('answers each entry in order, and a wrong entry does not stop the others', async () => {
    await cloud.rule('sold');
    const { FailedEntryCount, Entries } = await put([
      entry(),
      entry({ Detail: '{' }),
      entry({ Source: undefined }),
      entry({ DetailType: '' }),
      entry({ Detail: '[]' }),
      entry({ Source: 'aws.ec2' }),
      entry({ DetailType: 'x'.repeat(129) }),
      entry(),
    ]);
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      undefined,
    ]);
    expect(cloud.sent).toHaveLength(2);
  });

  test('takes ten entries and not eleven, and not none', async () => {
    const entries = (count: number) => Array.from({ length: count }, () => entry());
    await expect(put(entries(10))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(put(entries(11))).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(put([])).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('takes 1 MB a call and not a byte more, 14 of them for a time', async () => {
    const text = (bytes: number) => JSON.stringify('é'.repeat(Math.floor(bytes / 2)));
    const detail = (bytes: number) => `{"a":${text(bytes - 8)}}`;
    const room = 1024 * 1024 - 'shop'.length - 'Sold'.length;
    expect(Buffer.byteLength(detail(room))).toBe(room);
    await expect(put([entry({ Detail: detail(room) })])).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(put([entry({ Detail: detail(room), Time: 1 })])).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(put([entry({ Detail: detail(room), Resources: ['r'] })])).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('reports success for a bus that does not exist', async () => {
    await expect(put([entry({ EventBusName: 'nowhere' })])).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(cloud.kernel.told).toContainEqual(expect.objectContaining({ kind: 'notice', level: 'warn' }));
  });

  test('tells who watches which rules matched', async () => {
    await cloud.rule('sold');
    await cloud.rule('other', { pattern: { source: ['else'] } });
    await cloud.put();
    expect(cloud.kernel.told).toContainEqual(expect.objectContaining({ kind: 'event', bus: 'default', matchedRules: ['sold'] }));
  });

  test('carries the trace header to queue and function', async () => {
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    await cloud.rule('a');
    await cloud.rule('b', { target: { Arn: functionArn } });
    await cloud.put({}, { TraceHeader: 'Root=1-5' });
    expect(cloud.sent[0]?.message.traceHeader).toBe('Root=1-5');
    expect(cloud.invoked[0]).toMatchObject({
      functionName: functionArn,
      type: 'Event',
      traceHeader: 'Root=1-5',
      principal: { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/b' },
    });
  });

  test('sends no event by a disabled rule, and again once it is enabled', async () => {
    await cloud.rule('sold');
    await cloud.call('DisableRule', { Name: 'sold' });
    await cloud.put();
    expect(cloud.sent).toHaveLength(0);
    await cloud.call('EnableRule', { Name: 'sold' });
    await cloud.put();
    expect(cloud.sent).toHaveLength(1);
  });

  test('finds rules by source and type, by source alone, and by neither', async () => {
    await cloud.rule('both', { pattern: { source: ['shop'], 'detail-type': ['Sold'] } });
    await cloud.rule('source', { pattern: { source: ['shop', 'shop'] } });
    await cloud.rule('neither', { pattern: { source: [{ prefix: 'sh' }] } });
    await cloud.rule('none', { pattern: { source: ['shop'], 'detail-type': ['Lost'] } });
    await cloud.put();
    expect(cloud.sent.map(({ principal }) => principal?.sourceArn.split('/').at(-1)).sort()).toEqual(['both', 'neither', 'source']);
  });

  test('asks for events:PutEvents on each bus that is named', () => {
    const service = cloud.engine.services[0];
    if (service?.protocol !== 'json') throw new Error('EventBridge speaks JSON.');
    const input = { Entries: [entry({ EventBusName: 'larder' }), entry()] };
    const caller = { kind: 'root', arn: '' } as const;
    const permissions = service.permissions({ service: 'events', operation: 'PutEvents', input, caller, region: 'us-east-1' });
    expect(permissions.map(({ action, resource }) => [action, resource])).toEqual([
      ['events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/larder'],
      ['events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/default'],
    ]);
  });

  test('lets AWS services of the cloud itself put events with their own source', async () => {
    await cloud.rule('aws', { pattern: { source: ['aws.s3'] } });
    await cloud.engine.events.put('default', { source: 'aws.s3', detailType: 'Object Created', detail: '{}' });
    expect(cloud.sent).toHaveLength(1);
  });
});
