import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import { getPaymentInstruction } from './get-payment-instruction.ts';

const instruct = (status: OrderStatus) =>
  getPaymentInstruction({
    find: async () => ({
      orderId: 'o1',
      customerId: 'ada',
      status,
      lines: [{ productId: 'pear', quantity: 1 }],
      total: { amount: 50, currency: 'EUR' },
      placedAt: '2026-11-02T09:30:00.000Z',
      paymentToken: 'tok_ok',
    }),
  })('o1');

describe('the payment instruction', () => {
  it.each(['PLACED', 'RESERVED'] as const)('is given while the order is %s', async (status) => {
    await expect(instruct(status)).resolves.toEqual({ amount: { amount: 50, currency: 'EUR' }, paymentToken: 'tok_ok' });
  });

  it.each(['CONFIRMED', 'REJECTED', 'CANCELLED'] as const)('is given no more once the order is %s', async (status) => {
    await expect(instruct(status)).rejects.toMatchObject({ code: 'ORDER_ENDED', status: 409 });
  });
});
