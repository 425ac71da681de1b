import { pageEvents } from './clickstream/page-events.ts';
import { defineStream } from './define-stream.ts';

describe('a stream', () => {
  it('takes its own events, and lets fields pass that it does not know', () => {
    expect(pageEvents.check(pageEvents.example)).toEqual({ event: pageEvents.example });
    expect(pageEvents.check({ ...pageEvents.example, later: 1 })).toEqual({ event: pageEvents.example });
  });

  it.each([
    [null, 'has no type'],
    [{ ...pageEvents.example, type: 'page.exploded' }, 'has no type'],
    [{ ...pageEvents.example, type: '__proto__' }, 'has no type'],
    [{ ...pageEvents.example, productId: undefined }, 'productId'],
    [{ ...pageEvents.example, id: '' }, 'id'],
    [{ ...pageEvents.example, time: 'yesterday' }, 'time'],
  ])('says what is wrong with %j', (event, problem) => {
    expect(pageEvents.check(event)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('keeps a visitor, and an order, in order', () => {
    expect(pageEvents.key(pageEvents.example)).toBe('s-1');
    const total = { amount: 1, currency: 'EUR' };
    expect(pageEvents.key({ id: 'e', time: '2026-11-02T09:30:00.000Z', type: 'order.placed', orderId: 'o-1', total })).toBe('o-1');
  });

  it('has a name that says whose it is', () => {
    const { name: _, ...rest } = pageEvents;
    expect(() => defineStream({ ...rest, name: 'PageEvents' as 'a.B.v1' })).toThrow(TypeError);
  });
});
