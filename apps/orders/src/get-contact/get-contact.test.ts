import type { Order } from '../order.ts';
import { getContact } from './get-contact.ts';

const order: Order = {
  orderId: 'o1',
  customerId: 'ada',
  status: 'CONFIRMED',
  lines: [{ productId: 'pear', quantity: 1 }],
  total: { amount: 50, currency: 'EUR' },
  placedAt: '2026-11-02T09:30:00.000Z',
};
const ask = (found: Order | undefined) => getContact({ find: async () => found })('o1');

describe('the contact of an order', () => {
  it('is the address that the shopper signed in with', async () => {
    await expect(ask({ ...order, email: 'ada@example.com' })).resolves.toEqual({ email: 'ada@example.com' });
  });

  it.each([
    ['there is no such order', undefined],
    ['the token named no address', order],
    ['no mail can go to the address, and so nobody goes on trying', { ...order, email: 'zoë@example.com' }],
  ])('is unknown when %s', async (_, found) => {
    await expect(ask(found)).rejects.toMatchObject({ code: 'UNKNOWN_ORDER', status: 404 });
  });
});
