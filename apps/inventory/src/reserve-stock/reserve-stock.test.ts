import { reserveStock, type ReserveAttempt } from './reserve-stock.ts';

const order = {
  orderId: 'o1',
  lines: [
    { productId: 'pear', quantity: 3 },
    { productId: 'fig', quantity: 1 },
    { productId: 'kiwi', quantity: 2 },
  ],
};

function warehouse(attempt: ReserveAttempt) {
  const rejected: unknown[] = [];
  const reserve = reserveStock({
    reserve: async () => attempt,
    reject: async (orderId, _lines, shortages) => void rejected.push({ orderId, shortages }),
  });
  return { rejected, reserve };
}

describe('reserving stock', () => {
  it.each(['reserved', 'settled'] as const)('leaves an order that is %s as it is', async (kind) => {
    const { reserve, rejected } = warehouse({ kind });
    await expect(reserve(order)).resolves.toBe(kind);
    expect(rejected).toEqual([]);
  });

  it('rejects the whole order when one line is short, and names all that were', async () => {
    const { reserve, rejected } = warehouse({
      kind: 'short',
      available: new Map([
        ['pear', 2],
        ['fig', 1],
      ]),
    });
    await expect(reserve(order)).resolves.toBe('rejected');
    expect(rejected).toEqual([
      {
        orderId: 'o1',
        shortages: [
          { productId: 'pear', requested: 3, available: 2 },
          { productId: 'kiwi', requested: 2, available: 0 },
        ],
      },
    ]);
  });
});
