import type { Reservation } from '../stock.ts';
import { sellStock } from './sell-stock.ts';

const reservation = (status: Reservation['status']): Reservation => ({
  orderId: 'o1',
  status,
  lines: [{ productId: 'pear', quantity: 1 }],
});

function warehouse(found: (Reservation | undefined)[], sold = true) {
  const sales: string[] = [];
  const sell = sellStock({
    find: async () => (found.length > 1 ? found.shift() : found[0]),
    sell: async ({ orderId }) => (sales.push(orderId), sold),
  });
  return { sales, sell };
}

describe('selling stock', () => {
  it('sells what is set aside', async () => {
    const { sell, sales } = warehouse([reservation('RESERVED')]);
    await sell('o1');
    expect(sales).toEqual(['o1']);
  });

  it('sells nothing twice', async () => {
    const { sell, sales } = warehouse([reservation('SOLD')]);
    await sell('o1');
    expect(sales).toEqual([]);
  });

  it('is content when somebody else sold it meanwhile', async () => {
    const { sell } = warehouse([reservation('RESERVED'), reservation('SOLD')], false);
    await expect(sell('o1')).resolves.toBeUndefined();
  });

  it.each([undefined, reservation('RELEASED'), reservation('REJECTED')])('calls for help when nothing is set aside', async (found) => {
    await expect(warehouse([found]).sell('o1')).rejects.toThrow('nothing is set aside');
  });
});
