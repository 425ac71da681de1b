import type { Activity } from '../kernel/kernel.ts';
import { createJournal } from './journal.ts';
import { ring } from './ring.ts';

const log = (at: number, line: string, service = 'orders'): Activity => {
  return { kind: 'log', at, service, functionName: `${service}-local-f`, requestId: '1', line };
};
const invocation = (at: number, outcome: 'ok' | 'timeout'): Activity => ({
  kind: 'invocation',
  at,
  service: 'orders',
  functionName: 'orders-local-f',
  requestId: '1',
  durationMs: 1,
  memoryMb: 1,
  outcome,
  trigger: 'sqs:q',
});
const event: Activity = { kind: 'event', at: 1, bus: 'b', event: {}, matchedRules: [] };
const journalOf = () => createJournal((name) => name.split('-')[0]);

describe('ring', () => {
  it('keeps the newest, oldest first', () => {
    const numbers = ring<number>(3);
    for (let n = 1; n <= 5; n += 1) numbers.add(n);
    expect(numbers.items()).toEqual([3, 4, 5]);
  });
});

describe('the journal', () => {
  it('keeps what functions wrote, by service and in order of time', () => {
    const journal = journalOf();
    const [first, second] = [log(1, 'a', 'orders'), log(2, 'b', 'catalog')];
    journal.tell(second);
    journal.tell(first);
    expect(journal.logs()).toEqual([first, second]);
    expect(journal.logs('catalog')).toEqual([second]);
    expect(journal.logs('nobody')).toEqual([]);
  });

  it('keeps events apart from logs', () => {
    const journal = journalOf();
    journal.tell(event);
    expect([journal.events(), journal.logs()]).toEqual([[event], []]);
  });

  it('keeps a failure although thousands of invocations went well after it', () => {
    const journal = journalOf();
    journal.tell(log(0, 'it failed'));
    for (let at = 1; at <= 7_000; at += 1) journal.tell(invocation(at, 'ok'));
    expect(journal.logs('orders')[0]).toMatchObject({ line: 'it failed' });
    expect(journal.logs('orders')).toHaveLength(1_001);
  });

  it('remembers the last error of each service, whoever told it', () => {
    const journal = journalOf();
    journal.tell(log(1, JSON.stringify({ level: 'ERROR', message: 'It failed', error: { name: 'E', message: 'why' } })));
    expect(journal.lastError('orders')).toEqual({ at: 1, message: 'orders-local-f: It failed: why' });
    journal.tell(invocation(2, 'timeout'));
    expect(journal.lastError('orders')).toEqual({ at: 2, message: 'orders-local-f: timeout' });
    journal.tell({ kind: 'denied', at: 3, functionName: 'orders-local-f', action: 'a', resource: 'r', reason: 'no', enforced: true });
    expect(journal.lastError('orders')).toEqual({ at: 3, message: 'no' });
    journal.tell(log(4, JSON.stringify({ level: 'INFO', message: 'no ERROR at all' })));
    expect(journal.lastError('orders')).toMatchObject({ at: 3 });
    expect(journal.lastError('catalog')).toBeUndefined();
  });

  it('misses nothing between a call of follow and the first reading, and ends when it is told to', async () => {
    const journal = journalOf();
    const ending = new AbortController();
    const following = journal.follow(ending.signal);
    journal.tell(event);
    const seen: Activity[] = [];
    for await (const activity of following) {
      seen.push(activity);
      ending.abort();
    }
    expect(seen).toEqual([event]);
  });

  it('drops the oldest for one who reads too slowly', async () => {
    const journal = journalOf();
    const ending = new AbortController();
    const following = journal.follow(ending.signal)[Symbol.asyncIterator]();
    for (let at = 1; at <= 10_001; at += 1) journal.tell(log(at, 'x'));
    expect((await following.next()).value).toMatchObject({ at: 2 });
    ending.abort();
  });
});
