import fc from 'fast-check';
import * as z from 'zod/mini';
import { capturingLogs, contextOf } from './aws-events.fixture.ts';
import { createCache } from './cache.ts';
import { environment, variable } from './environment.ts';
import { createCircuitBreaker, createRetryBudget } from './guards.ts';
import { toInvocation, within } from './invocation.ts';
import { log } from './log.ts';
import { metric } from './metrics.ts';
import { fullJitter } from './retry.ts';
import { toTraceHeader, toTraceparent } from './trace.ts';
import { ulid } from './ulid.ts';

describe('ulid', () => {
  it('has 26 characters, sorts by its making, and never comes twice', () => {
    const many = Array.from({ length: 5000 }, () => ulid());
    expect(many.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
    expect([...many].sort()).toEqual(many);
    expect(new Set(many).size).toBe(many.length);
  });

  it('does not sort back when the clock jumps back', () => {
    const later = ulid(Date.now() + 60_000);
    expect(ulid(Date.now()) > later).toBe(true);
  });
});

describe('trace headers', () => {
  it('keep their ids both ways', () => {
    const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    fc.assert(
      fc.property(hex(8), hex(24), hex(16), fc.boolean(), (epoch, unique, parent, sampled) => {
        const header = `Root=1-${epoch}-${unique};Parent=${parent};Sampled=${sampled ? 1 : 0}`;
        expect(toTraceHeader(toTraceparent(header))).toBe(header);
      }),
    );
  });

  it('are none when malformed', () => {
    expect(toTraceparent('Root=1-2')).toBeUndefined();
    expect(toTraceHeader('00-zz')).toBeUndefined();
    expect(toTraceHeader(undefined)).toBeUndefined();
  });
});

describe('environment', () => {
  it('names everything that is missing', () => {
    const schema = z.object({ KIT_ONE: z.string(), KIT_TWO: z.string(), KIT_THREE: z.optional(z.string()) });
    expect(() => environment(schema)).toThrow(
      expect.objectContaining({ code: 'ENVIRONMENT_INVALID', message: expect.stringMatching(/KIT_ONE, KIT_TWO \(/) }),
    );
    expect(() => variable('KIT_ONE')).toThrow(/KIT_ONE/);
  });

  it('reads what is there', () => {
    process.env.KIT_FOUR = '4';
    expect(environment(z.object({ KIT_FOUR: z.string() }))).toEqual({ KIT_FOUR: '4' });
  });
});

describe('log', () => {
  it('writes one JSON line with the ids of the work at hand', async () => {
    process.env.SERVICE = 'kit';
    const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const invocation = { ...toInvocation(contextOf(), 'correlation-1', 'cause-1'), traceHeader };
    const lines = await capturingLogs(() => within(invocation, () => log.info('Stock was reserved', { orderId: 'o1', count: 2 })));
    expect(lines).toEqual([
      {
        level: 'INFO',
        timestamp: expect.any(String),
        message: 'Stock was reserved',
        orderId: 'o1',
        count: 2,
        service: 'kit',
        function: 'larder-test-kit',
        requestId: contextOf().awsRequestId,
        traceId: '1-5759e988-bd862e3fe1be46a994272793',
        correlationId: 'correlation-1',
        causationId: 'cause-1',
      },
    ]);
  });

  it('leaves out whatever is not on its list, and addresses in texts', async () => {
    const personal = {
      email: 'bob@example.com',
      body: { name: 'Bob' },
      orderId: { name: 'Bob' },
      reason: 'told bob@example.com',
    } as object;
    const lines = await capturingLogs(() => log.error('Sent to bob@example.com', personal, new Error('bob@example.com has no mailbox')));
    expect(JSON.stringify(lines)).not.toMatch(/bob@example|"Bob"/);
    expect(lines[0]).toMatchObject({
      dropped: ['email', 'body', 'orderId'],
      reason: 'told [address]',
      error: { message: '[address] has no mailbox' },
    });
  });

  it('leaves no part of an address where a long text is cut', async () => {
    for (let place = 480; place < 502; place += 1) {
      const [line] = await capturingLogs(() => log.info(`${'x '.repeat(place / 2)} bob.smith@example.com`));
      expect(line?.message).toMatch(/^(x )+ ?(\[address\]|…)?$/);
    }
  });

  it('is silent below its level', async () => {
    expect(await capturingLogs(() => log.debug('nothing to see'))).toEqual([]);
  });
});

describe('metric', () => {
  it('writes the embedded metric format', async () => {
    process.env.SERVICE = 'kit';
    const [line] = await capturingLogs(() => metric('OrdersPlaced', 2, 'Count', { Status: 'PLACED' }));
    expect(line).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          { Namespace: 'Larder', Dimensions: [['Service', 'Function', 'Status']], Metrics: [{ Name: 'OrdersPlaced', Unit: 'Count' }] },
        ],
      },
      Service: 'kit',
      Status: 'PLACED',
      OrdersPlaced: 2,
    });
  });
});

describe('cache', () => {
  it('loads once for all who ask at once, again after its time, and keeps the old value when that fails', async () => {
    let now = 0;
    let loads = 0;
    let fails = false;
    const cache = createCache({
      timeToLive: 100,
      now: () => now,
      load: async () => {
        loads += 1;
        await Promise.resolve();
        if (fails) throw new Error('not now');
        return loads;
      },
    });
    expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual([1, 1]);
    now = 100;
    expect(await cache.get('a')).toBe(2);
    fails = true;
    now = 200;
    expect(await cache.get('a')).toBe(2);
    expect(await cache.get('a')).toBe(2);
    expect(loads).toBe(3);
    now = 210;
    expect(await cache.get('a')).toBe(2);
    expect(loads).toBe(4);
    await expect(cache.get('b')).rejects.toThrow('not now');
  });
});

describe('circuit breaker', () => {
  const world = () => {
    let now = 0;
    const breaker = createCircuitBreaker({ now: () => now, random: () => 0.5 });
    return { breaker, pass: (ms: number) => (now += ms) };
  };
  const failing = (breaker: ReturnType<typeof createCircuitBreaker>, times: number) => {
    for (let call = 0; call < times; call += 1) breaker.report('failed');
  };

  it('opens when half of ten calls failed, and lets one call decide later', () => {
    const { breaker, pass } = world();
    for (let call = 0; call < 5; call += 1) breaker.report('succeeded');
    failing(breaker, 4);
    expect(breaker.permits()).toBe(true);
    failing(breaker, 1);
    expect(breaker.permits()).toBe(false);
    pass(4000);
    expect([breaker.permits(), breaker.permits()]).toEqual([true, false]);
    expect(breaker.state).toBe('half-open');
    breaker.report('failed');
    expect(breaker.state).toBe('open');
    pass(4000);
    expect(breaker.permits()).toBe(true);
    breaker.report('succeeded');
    expect(breaker.state).toBe('closed');
  });

  it('forgets failures of long ago', () => {
    const { breaker, pass } = world();
    failing(breaker, 9);
    pass(10_001);
    failing(breaker, 1);
    expect(breaker.state).toBe('closed');
  });

  it('lets another call decide when the first never came back', () => {
    const { breaker, pass } = world();
    failing(breaker, 10);
    pass(4000);
    expect(breaker.permits()).toBe(true);
    pass(10_000);
    expect(breaker.permits()).toBe(true);
  });
});

describe('retry budget', () => {
  it('is spent by retries and earned by successes', () => {
    const budget = createRetryBudget(1);
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
    for (let call = 0; call < 11; call += 1) budget.earn();
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });
});

describe('full jitter', () => {
  it('is anything up to a bound that doubles and ends', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = fullJitter(attempt, 1, 120, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(120, 2 ** attempt));
      }),
    );
  });
});
