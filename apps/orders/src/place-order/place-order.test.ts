import type { Order } from '../order.ts';
import { placeOrder } from './place-order.ts';

const now = new Date('2026-11-02T09:30:00Z');
const caller = { id: 'ada', email: 'ada@example.com' };

function shop() {
  const placed: Order[] = [];
  const place = placeOrder({
    prices: async (ids) =>
      new Map(ids.filter((id) => id !== 'unicorn').map((id) => [id, { amount: id === 'caviar' ? 90_000 : 50, currency: 'EUR' }])),
    newId: () => 'order-1',
    now: () => now,
    place: async (order) => void placed.push(order),
  });
  const order = (...lines: { productId: string; quantity: number }[]) =>
    place({ params: undefined, query: undefined, body: { lines, paymentToken: 'tok_ok' }, caller });
  return { placed, order };
}

describe('placing an order', () => {
  it('adds up the prices of the catalogue, in minor units', async () => {
    const { order, placed } = shop();
    await expect(order({ productId: 'apple', quantity: 3 }, { productId: 'pear', quantity: 2 })).resolves.toEqual({
      orderId: 'order-1',
      status: 'PLACED',
    });
    expect(placed).toEqual([
      expect.objectContaining({ total: { amount: 250, currency: 'EUR' }, customerId: 'ada', placedAt: '2026-11-02T09:30:00.000Z' }),
    ]);
  });

  it('refuses a product that does not exist, and keeps nothing', async () => {
    const { order, placed } = shop();
    await expect(order({ productId: 'unicorn', quantity: 1 })).rejects.toMatchObject({ code: 'UNKNOWN_PRODUCT', status: 422 });
    expect(placed).toEqual([]);
  });

  it('refuses the same product twice, since one transaction may touch it once', async () => {
    const { order } = shop();
    await expect(order({ productId: 'pear', quantity: 1 }, { productId: 'pear', quantity: 1 })).rejects.toMatchObject({
      code: 'DUPLICATE_PRODUCT',
    });
  });

  it('refuses an order that is worth too much', async () => {
    const { order } = shop();
    await expect(order({ productId: 'caviar', quantity: 12 })).rejects.toMatchObject({ code: 'TOTAL_TOO_LARGE' });
  });
});
