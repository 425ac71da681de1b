import { collectEvents } from './collect-events.ts';

const now = new Date('2026-11-02T09:30:00.000Z');
const viewed = { id: 'e-1', time: '2026-11-02T09:29:59.000Z', type: 'product.viewed', sessionId: 's-1', productId: 'pear' };
function world() {
  const produced: unknown[] = [];
  const collect = collectEvents({ produce: async (events) => void produced.push(...events), now: () => now });
  return { produced, collect: (...events: Record<string, unknown>[]) => collect({ body: { events } }) };
}

describe('collecting events', () => {
  it('takes those that are good, and says of the others what is wrong', async () => {
    const { collect, produced } = world();
    const answer = await collect(viewed, { ...viewed, id: 'e-2', productId: 7 }, { ...viewed, id: 'e-3', type: 'page.exploded' });
    expect(answer).toEqual({
      accepted: 1,
      rejected: [
        { index: 1, problem: expect.stringContaining('productId') },
        { index: 2, problem: expect.stringContaining('type') },
      ],
    });
    expect(produced).toEqual([viewed]);
  });

  it.each([
    ['of an order', { id: 'e', time: viewed.time, type: 'order.confirmed', orderId: 'o', total: { amount: 1, currency: 'EUR' } }],
    ['of next week', { ...viewed, time: '2026-11-09T09:30:00.000Z' }],
    ['of last month', { ...viewed, time: '2026-10-02T09:30:00.000Z' }],
  ])('believes nobody that says something %s', async (_name, event) => {
    const { collect, produced } = world();
    expect(await collect(event)).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
    expect(produced).toEqual([]);
  });

  it('answers only when they are durable', async () => {
    const collect = collectEvents({ produce: () => Promise.reject(new Error('full')), now: () => now });
    await expect(collect({ body: { events: [viewed] } })).rejects.toThrow('full');
  });
});
