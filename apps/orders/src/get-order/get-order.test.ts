import type { Order } from '../order.ts';
import { getOrder } from './get-order.ts';

const order: Order = {
  orderId: 'o1',
  customerId: 'ada',
  status: 'PLACED',
  lines: [{ productId: 'pear', quantity: 1 }],
  total: { amount: 50, currency: 'EUR' },
  placedAt: '2026-11-02T09:30:00.000Z',
};

const get = getOrder({ find: async (orderId) => (orderId === 'o1' ? order : undefined) });

describe('looking up an order', () => {
  it('shows it to whom it belongs', async () => {
    await expect(get('o1', 'ada')).resolves.toMatchObject({ orderId: 'o1', status: 'PLACED' });
  });

  it('answers a stranger as if it did not exist', async () => {
    const [stranger, missing] = await Promise.all([get('o1', 'bob').catch((error) => error), get('o2', 'bob').catch((error) => error)]);
    expect(stranger).toMatchObject({ code: 'UNKNOWN_ORDER', status: 404 });
    expect(stranger.message).toBe(missing.message);
  });
});
