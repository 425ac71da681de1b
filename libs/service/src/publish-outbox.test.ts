import fc from 'fast-check';
import type { DynamoDBRecord } from 'aws-lambda';
import { capturingLogs, contextOf, fakeTiming, insertRecord } from './aws-events.fixture.ts';
import { AwsFailure } from './errors.ts';
import { entrySize, publisher } from './publish-outbox.ts';

interface PutEvents {
  readonly Entries: { Source: string; DetailType: string; Detail: string; EventBusName: string }[];
}

beforeEach(() => {
  process.env.BUS_NAME = 'larder-test';
});

const entry = (aggregate: string, number: number, bytes = 10) => ({
  Source: 'larder.kit',
  DetailType: 'Tested.v1',
  Detail: JSON.stringify({ aggregate, number, filler: 'x'.repeat(bytes) }),
});
const record = (aggregate: string, sequence: number, entries: object[]): DynamoDBRecord =>
  insertRecord({ aggregate, commit: String(sequence), events: entries, expiresAt: 1 }, String(sequence));

/** A bus that refuses as told: by entry, or a whole call. */
function world(
  refuses: (key: string, attempt: number) => boolean = () => false,
  fails: (call: number) => Error | undefined = () => undefined,
) {
  const published: string[] = [];
  const calls: PutEvents[] = [];
  const attempts = new Map<string, number>();
  const handler = publisher({
    timing: fakeTiming(),
    eventbridge: {
      putEvents: (input) => {
        const { Entries } = input as PutEvents;
        calls.push({ Entries });
        const failure = fails(calls.length);
        if (failure) return Promise.reject(failure);
        const results = Entries.map(({ Detail }) => {
          const { aggregate, number } = JSON.parse(Detail) as { aggregate: string; number: number };
          const key = `${aggregate}${number}`;
          attempts.set(key, (attempts.get(key) ?? 0) + 1);
          if (refuses(key, attempts.get(key) ?? 0)) return { ErrorCode: 'InternalFailure', ErrorMessage: '' };
          published.push(key);
          return { EventId: 'x' };
        });
        return Promise.resolve({ $metadata: {}, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results });
      },
    },
  });
  const run = async (records: DynamoDBRecord[]): Promise<string | undefined> => {
    let answer: string | undefined;
    await capturingLogs(async () => (answer = (await handler({ Records: records }, contextOf())).batchItemFailures[0]?.itemIdentifier));
    return answer;
  };
  return { published, calls, run };
}

describe('publish-outbox', () => {
  it('publishes what was committed, on its bus', async () => {
    const { run, calls } = world();
    expect(await run([record('a', 1, [{ ...entry('a', 1), TraceHeader: 'Root=1-0-0' }])])).toBeUndefined();
    expect(calls[0]?.Entries).toEqual([{ ...entry('a', 1), TraceHeader: 'Root=1-0-0', EventBusName: 'larder-test' }]);
  });

  it('tries again what an answer of 200 says has failed, and only that', async () => {
    const { run, published, calls } = world((key, attempt) => key === 'b1' && attempt < 3);
    expect(await run([record('a', 1, [entry('a', 1)]), record('b', 2, [entry('b', 1)])])).toBeUndefined();
    expect(published).toEqual(['a1', 'b1']);
    expect(calls.map(({ Entries }) => Entries.length)).toEqual([2, 1, 1]);
  });

  it('lets later events of an aggregate wait for one that fails, and answers from where to come again', async () => {
    const { run, published } = world((key) => key === 'a1');
    const records = [
      record('b', 1, [entry('b', 1)]),
      record('a', 2, [entry('a', 1), entry('a', 2)]),
      record('a', 3, [entry('a', 3)]),
      record('b', 4, [entry('b', 2)]),
    ];
    expect(await run(records)).toBe('2');
    expect(published).toEqual(['b1', 'b2']);
  });

  it.each([
    ['a throttle', new AwsFailure('ThrottlingException', 400, '')],
    ['a lost reply', new AwsFailure('NetworkError', 0, '')],
  ])('tries again after %s', async (_, failure) => {
    const { run, published } = world(undefined, (call) => (call < 3 ? failure : undefined));
    expect(await run([record('a', 1, [entry('a', 1)])])).toBeUndefined();
    expect(published).toEqual(['a1']);
  });

  it('gives back everything when it may not publish', async () => {
    const { run, calls } = world(undefined, () => new AwsFailure('AccessDeniedException', 400, ''));
    expect(await run([record('a', 1, [entry('a', 1)]), record('b', 2, [entry('b', 1)])])).toBe('1');
    expect(calls).toHaveLength(1);
  });

  it('passes over what is no insertion', async () => {
    const { run, calls } = world();
    expect(await run([{ ...record('a', 1, [entry('a', 1)]), eventName: 'REMOVE' }])).toBeUndefined();
    expect(calls).toHaveLength(0);
  });

  it('never sends more than 10 entries or 1 MB, nor two of one aggregate at once, and keeps the order of each, whatever fails', async () => {
    const commits = fc.array(
      fc.record({
        aggregate: fc.constantFrom(...'abcdefghijklmnop'),
        bytes: fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 3 }),
      }),
      {
        minLength: 1,
        maxLength: 25,
      },
    );
    await fc.assert(
      fc.asyncProperty(commits, fc.integer({ min: 2, max: 12 }), async (given, modulus) => {
        const counts = new Map<string, number>();
        const records = given.map(({ aggregate, bytes }, index) => {
          const entries = bytes.map((size) => {
            counts.set(aggregate, (counts.get(aggregate) ?? 0) + 1);
            return entry(aggregate, counts.get(aggregate) ?? 0, size);
          });
          return record(aggregate, index, entries);
        });
        let tick = 0;
        const { run, published, calls } = world(() => (tick += 1) % modulus === 0);
        let rest = records;
        for (let round = 0; rest.length > 0 && round < 100; round += 1) {
          const from = await run(rest);
          rest = from === undefined ? [] : rest.slice(rest.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === from));
        }
        for (const { Entries } of calls) {
          expect(Entries.length).toBeLessThanOrEqual(10);
          expect(Entries.reduce((sum, each) => sum + entrySize(each), 0)).toBeLessThanOrEqual(1024 * 1024);
          const aggregates = Entries.map(({ Detail }) => (JSON.parse(Detail) as { aggregate: string }).aggregate);
          expect(new Set(aggregates).size).toBe(aggregates.length);
        }
        for (const [aggregate, count] of counts) {
          const firsts = [...new Set(published.filter((key) => key.startsWith(aggregate)))];
          expect(firsts).toEqual(Array.from({ length: count }, (_, index) => `${aggregate}${index + 1}`));
        }
      }),
      { numRuns: 40 },
    );
  });
});
