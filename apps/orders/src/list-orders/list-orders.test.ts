import { listOrders } from './list-orders.ts';

describe('listing orders', () => {
  it('hands out a cursor that leads on', async () => {
    const asked: (string | undefined)[] = [];
    const last = '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D';
    const list = listOrders({
      ordersOf: async (_customerId, { after }) => {
        asked.push(after);
        return { orders: [], last: after === undefined ? last : undefined };
      },
    });
    const { cursor } = await list('ada', { limit: 1 });
    await expect(list('ada', { limit: 1, cursor })).resolves.toEqual({ items: [] });
    expect(asked).toEqual([undefined, last]);
  });

  it('refuses a cursor that is none', async () => {
    const list = listOrders({ ordersOf: async () => ({ orders: [], last: undefined }) });
    await expect(list('ada', { limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });
});
