import type { PageEvent } from '../minute.ts';
import { fromKept } from '../minute.ts';
import type { MinuteItem } from '../minutes-table.ts';
import { countEvents } from './count-events.ts';

const viewed = (number: number, time = '2026-11-02T09:30:10.000Z'): PageEvent => ({
  ...{ id: `e-${number}`, time, type: 'product.viewed', sessionId: `s-${number}`, productId: `p-${number % 3}` },
});
const total = { amount: 250, currency: 'EUR' };

function world() {
  const items = new Map<string, MinuteItem>();
  let fails = 0;
  const run = countEvents({
    findMinute: async (minute, shardId) => items.get(`${minute}/${shardId}`),
    keepMinute: async (item, before) => {
      if (fails > 0 && item.minute.endsWith('31')) {
        fails -= 1;
        throw new Error('no table');
      }
      expect(items.get(`${item.minute}/${item.shardId}`)).toBe(before);
      items.set(`${item.minute}/${item.shardId}`, { ...item, expiresAt: 0 });
    },
    now: () => new Date('2026-11-02T09:31:30.000Z'),
  });
  const batch = (sequenceNumber: string, ...events: PageEvent[]) => run({ events, duplicates: 0, shardId: 'shard', sequenceNumber });
  const minute = (at: string) => {
    const item = items.get(`2026-11-02T${at}/shard`);
    return item && fromKept(item);
  };
  return { run, batch, minute, failOnce: () => (fails = 1) };
}

describe('counting', () => {
  it('is by the minute in which something happened', async () => {
    const { batch, minute } = world();
    await batch('1', viewed(1), viewed(2), viewed(4));
    await batch('2', viewed(3), viewed(5, '2026-11-02T09:31:05.000Z'));
    const first = minute('09:30');
    expect([first?.events, first?.visitors.count(), first?.viewers.count(), first?.baskets.count()]).toEqual([4, 4, 4, 0]);
    expect(first?.views).toEqual(new Map([['p-1', 2], ['p-2', 1], ['p-0', 1]])); // prettier-ignore
    expect([minute('09:31')?.events, first?.late, first?.newest]).toEqual([1, 4, '2026-11-02T09:30:10.000Z']);
  });

  it('of orders is exact', async () => {
    const { batch, minute } = world();
    const order = { time: '2026-11-02T09:31:00.000Z', orderId: 'o', total };
    await batch('1', { ...order, id: 'a', type: 'order.placed' }, { ...order, id: 'b', type: 'order.confirmed', milliseconds: 70 });
    await batch('2', { ...order, id: 'c', type: 'order.confirmed', total: { amount: 50, currency: 'EUR' } });
    const counted = minute('09:31');
    expect([counted?.ordered, counted?.confirmed, counted?.revenue, counted?.confirmations.count]).toEqual([
      1,
      2,
      new Map([['EUR', 300]]),
      1,
    ]);
  });

  it('is once, however often a batch comes, whole or in halves, or fails between two minutes', async () => {
    const { batch, minute, failOnce } = world();
    const [early, late] = [viewed(1), viewed(2, '2026-11-02T09:31:05.000Z')];
    failOnce();
    await expect(batch('2', early, late)).rejects.toThrow('no table');
    await batch('1', early);
    await batch('2', late);
    await batch('2', early, late);
    expect([minute('09:30')?.events, minute('09:31')?.events]).toEqual([1, 1]);
  });

  it('goes on when sequence numbers get another digit', async () => {
    const { batch, minute } = world();
    await batch('9', viewed(1));
    await batch('10', viewed(2));
    expect(minute('09:30')?.events).toBe(2);
  });

  it('says how much came again', async () => {
    const { run, minute } = world();
    await run({ events: [], duplicates: 3, shardId: 'shard', sequenceNumber: '1' });
    expect(minute('09:31')?.duplicates).toBe(3);
  });

  it('keeps a minute small, whatever is sent', async () => {
    const { batch, minute } = world();
    const many = Array.from({ length: 1500 }, (_, at): PageEvent => ({ ...viewed(at), productId: `p-${at}` }) as PageEvent);
    await batch('1', ...many, viewed(7), viewed(7));
    expect([minute('09:30')?.views.size, minute('09:30')?.events, minute('09:30')?.views.get('p-1')]).toEqual([1000, 1502, 3]);
  });
});
