import { stockReserved } from '@larder/contracts/inventory/stock-reserved';
import { committer, ConditionFailed, type RequestOnce, toEvent } from './commit.ts';
import { contextOf, fakeTiming } from './aws-events.fixture.ts';
import { memoryDynamoDb } from './dynamodb.fixture.ts';
import { AwsFailure } from './errors.ts';
import { toInvocation, within } from './invocation.ts';
import type { Settled } from './once.ts';
import { ulid } from './ulid.ts';

const keys = { Inbox: ['id'], Outbox: ['aggregate', 'commit'], Stock: ['productId'] };
const cause = {
  correlationId: 'correlation-1',
  causationId: 'event-1',
  traceparent: '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
};
const clock = () => new Date('2026-11-02T09:30:00Z');
const reserved = toEvent(stockReserved, stockReserved.example);
const put = { Put: { TableName: 'Stock', Item: { productId: 'apple', available: 1, gone: undefined } } };
const once = { kind: 'event', id: 'event#reserve#1' } as const;

beforeEach(() => {
  process.env.INBOX_TABLE = 'Inbox';
  process.env.OUTBOX_TABLE = 'Outbox';
});

function world(faults: Parameters<typeof memoryDynamoDb>[1] = []) {
  const database = memoryDynamoDb(keys, faults);
  const timing = fakeTiming();
  return { ...database, timing, commit: committer({ dynamodb: database.dynamodb, timing, ulid, clock }) };
}

describe('commit', () => {
  it('writes state, memory and events together', async () => {
    const { commit, items, calls } = world();
    expect(await commit({ once, cause, writes: [put], events: [reserved] })).toBe('committed');
    expect(calls).toHaveLength(1);
    expect(items('Stock')).toEqual([{ productId: 'apple', available: 1 }]);
    expect(items('Inbox')).toEqual([{ id: once.id, expiresAt: expect.any(Number) }]);
    const [record] = items('Outbox') as { aggregate: string; commit: string; events: { Detail: string; TraceHeader: string }[] }[];
    expect(record).toMatchObject({ aggregate: stockReserved.example.orderId, commit: expect.stringMatching(/^[0-9A-Z]{26}$/) });
    expect(JSON.parse(record?.events[0]?.Detail ?? '')).toMatchObject({
      type: 'inventory.StockReserved.v1',
      causationid: 'event-1',
      correlationid: 'correlation-1',
    });
    expect(record?.events[0]?.TraceHeader).toBe('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  });

  it('has one effect for the same event twice', async () => {
    const { commit, items } = world();
    expect(await commit({ once, cause, writes: [put], events: [reserved] })).toBe('committed');
    expect(await commit({ once, cause, writes: [put], events: [reserved] })).toBe('duplicate');
    expect(items('Outbox')).toHaveLength(1);
  });

  it('remembers an event for longer than it can come again: out of the archive (90 days), a queue (14) and a dead-letter queue (14)', async () => {
    const { commit, items } = world();
    await commit({ once, cause, events: [reserved] });
    const [{ expiresAt }] = items('Inbox') as [{ expiresAt: number }];
    expect(expiresAt - clock().getTime() / 1000).toBeGreaterThan((90 + 14 + 14) * 24 * 60 * 60);
  });

  it('has one effect for the same event twice at once', async () => {
    const { commit, items } = world();
    const outcomes = await Promise.all([1, 2, 3].map(() => commit({ once, cause, events: [reserved] })));
    expect(outcomes.sort()).toEqual(['committed', 'duplicate', 'duplicate']);
    expect(items('Outbox')).toHaveLength(1);
  });

  it.each(['lose-reply', 'conflict', 'throttle', 'crash-before'] as const)('has one effect, and says so, after %s', async (fault) => {
    const { commit, items, timing, calls } = world([fault, fault]);
    expect(await commit({ once, cause, events: [reserved] })).toBe('committed');
    expect(items('Outbox')).toHaveLength(1);
    expect(timing.slept.length).toBeGreaterThan(0);
    expect(new Set(calls.map(({ input }) => JSON.stringify(input))).size).toBe(1);
  });

  it('answers duplicate when the reply was lost to an invocation that crashed', async () => {
    const { commit, items } = world([...Array<'lose-reply'>(12).fill('lose-reply')]);
    expect(await commit({ once, cause, events: [reserved] }).catch(() => 'crashed')).toBe('crashed');
    expect(await commit({ once, cause, events: [reserved] })).toBe('duplicate');
    expect(items('Outbox')).toHaveLength(1);
  });

  it('gives up, with the last error, when the invocation has no time for another try', async () => {
    const { commit, timing } = world(Array<'throttle'>(50).fill('throttle'));
    const context = contextOf(230);
    await expect(within(toInvocation(context), () => commit({ once, cause, events: [reserved] }))).rejects.toMatchObject({
      awsCode: 'ThrottlingException',
    });
    expect(timing.now()).toBeLessThan(30);
  });

  it('names the writes whose conditions did not hold', async () => {
    const { dynamodb } = world();
    const CancellationReasons = [
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { available: { N: '2' } } },
      { Code: 'None' },
    ];
    const transactWriteItems = () => Promise.reject(new AwsFailure('TransactionCanceledException', 400, '', { CancellationReasons }));
    const commit = committer({ dynamodb: { ...dynamodb, transactWriteItems }, timing: fakeTiming(), ulid, clock });
    const other = { Put: { TableName: 'Stock', Item: { productId: 'pear' } } };
    const error = await commit({ once, cause, writes: [put, other], events: [reserved] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionFailed);
    expect(error).toMatchObject({ code: 'CONDITION_FAILED', failed: [1], items: [undefined, { available: 2 }] });
  });

  it('asks again before it believes a failed condition beside a conflict', async () => {
    const answers = [
      [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed' }],
      [{ Code: 'ConditionalCheckFailed' }, { Code: 'ConditionalCheckFailed' }],
    ];
    const { dynamodb } = world();
    const transactWriteItems = () =>
      Promise.reject(new AwsFailure('TransactionCanceledException', 400, '', { CancellationReasons: answers.shift() }));
    const commit = committer({ dynamodb: { ...dynamodb, transactWriteItems }, timing: fakeTiming(), ulid, clock });
    expect(await commit({ once, cause, writes: [put] })).toBe('duplicate');
  });

  it('does not write an event with a field that its contract does not have', async () => {
    const { commit, calls } = world();
    const events = [toEvent(stockReserved, { ...stockReserved.example, extra: 1 } as typeof stockReserved.example)];
    await expect(commit({ once, cause, events })).rejects.toMatchObject({ code: 'UNKNOWN_FIELDS' });
    expect(calls).toHaveLength(0);
  });

  it('tells a request that came second what the first was answered', async () => {
    const { commit } = world();
    const outcomes: (Settled | undefined)[] = [];
    const request = (): RequestOnce<{ orderId: string }> => ({
      kind: 'request',
      id: 'request#1',
      fingerprint: 'f',
      settle: (outcome) => outcomes.push(outcome),
    });
    expect(await commit({ once: request(), cause, events: [reserved], answer: { orderId: '1' } })).toBe('committed');
    expect(await commit({ once: request(), cause, events: [reserved], answer: { orderId: '2' } })).toBe('duplicate');
    expect(outcomes).toEqual([
      { fingerprint: 'f', answer: { orderId: '1' } },
      { fingerprint: 'f', answer: { orderId: '1' } },
    ]);
  });

  it('refuses more actions than a transaction may have', async () => {
    const { commit } = world();
    const writes = Array.from({ length: 100 }, () => put);
    await expect(commit({ once, cause, writes })).rejects.toMatchObject({ code: 'COMMIT_TOO_LARGE' });
  });
});
