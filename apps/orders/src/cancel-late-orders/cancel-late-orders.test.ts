import { cancelLateOrders } from './cancel-late-orders.ts';

const time = new Date('2026-11-02T10:00:00Z');

describe('cancelling late orders', () => {
  it('cancels what has waited for 15 minutes by the clock of the schedule', async () => {
    const asked: string[] = [];
    const cancelled: string[] = [];
    const run = cancelLateOrders({
      openBefore: async (instant) => (asked.push(instant), ['o1', 'o2']),
      cancel: async (orderId) => cancelled.push(orderId),
    });
    await expect(run({ time })).resolves.toEqual({ cancelled: 2 });
    expect(asked).toEqual(['2026-11-02T09:45:00.000Z']);
    expect(cancelled).toEqual(['o1', 'o2']);
  });

  it('goes on after one that fails, and then says so', async () => {
    const cancelled: string[] = [];
    const run = cancelLateOrders({
      openBefore: async () => ['o1', 'o2', 'o3'],
      cancel: async (orderId) => {
        if (orderId === 'o1') throw new Error('throttled');
        cancelled.push(orderId);
      },
    });
    await expect(run({ time })).rejects.toMatchObject({
      message: '1 of 3 late orders could not be cancelled',
      cause: new Error('throttled'),
    });
    expect(cancelled).toEqual(['o2', 'o3']);
  });
});
