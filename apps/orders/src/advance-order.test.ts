import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import { advanceOrder } from './advance-order.ts';
import type { Order } from './order.ts';

const order = (status: OrderStatus): Order => ({
  orderId: 'o1',
  customerId: 'ada',
  status,
  lines: [{ productId: 'pear', quantity: 1 }],
  total: { amount: 50, currency: 'EUR' },
  placedAt: '2026-11-02T09:30:00.000Z',
});

/** A store in which others change the order before the first writes. */
function store(initial: OrderStatus, others: OrderStatus[] = []) {
  let status = initial;
  const written: OrderStatus[] = [];
  return {
    written,
    advance: advanceOrder({
      find: async (orderId) => (orderId === 'o1' ? order(status) : undefined),
      write: async (read, to) => {
        status = others.shift() ?? status;
        if (read.status !== status) return false;
        status = to;
        written.push(to);
        return true;
      },
    }),
  };
}

describe('advancing an order', () => {
  it('writes a step that the status allows', async () => {
    const { advance, written } = store('PLACED');
    await expect(advance('o1', 'RESERVED')).resolves.toBe('advanced');
    expect(written).toEqual(['RESERVED']);
  });

  it('lets a step that comes too late pass without a trace', async () => {
    const { advance, written } = store('CANCELLED');
    await expect(advance('o1', 'CONFIRMED')).resolves.toBe('too late');
    expect(written).toEqual([]);
  });

  it('looks again when another step got in between', async () => {
    const { advance, written } = store('PLACED', ['RESERVED']);
    await expect(advance('o1', 'CONFIRMED')).resolves.toBe('advanced');
    expect(written).toEqual(['CONFIRMED']);
  });

  it('gives way when the other step was an end', async () => {
    const { advance, written } = store('RESERVED', ['CANCELLED']);
    await expect(advance('o1', 'CONFIRMED')).resolves.toBe('too late');
    expect(written).toEqual([]);
  });

  it('gives up, to be tried again later, when others never stop', async () => {
    const { advance } = store('PLACED', ['RESERVED', 'PLACED', 'RESERVED', 'PLACED', 'RESERVED', 'PLACED']);
    await expect(advance('o1', 'CONFIRMED')).rejects.toThrow('changed by others');
  });

  it('fails for an order that does not exist', async () => {
    await expect(store('PLACED').advance('o2', 'CONFIRMED')).rejects.toThrow('no order');
  });
});
