import type { Reservation } from '../stock.ts';
import { releaseStock } from './release-stock.ts';

const reservation = (status: Reservation['status']): Reservation => ({
  orderId: 'o1',
  status,
  lines: [{ productId: 'pear', quantity: 1 }],
});

function warehouse(found: (Reservation | undefined)[], outcomes: boolean[] = [true]) {
  const calls: string[] = [];
  const release = releaseStock({
    find: async () => (found.length > 1 ? found.shift() : found[0]),
    release: async () => (calls.push('release'), outcomes.shift() ?? false),
    forbid: async () => (calls.push('forbid'), outcomes.shift() ?? false),
  });
  return { calls, release };
}

describe('releasing stock', () => {
  it('puts back what is set aside', async () => {
    const { release, calls } = warehouse([reservation('RESERVED')]);
    await release('o1');
    expect(calls).toEqual(['release']);
  });

  it('leaves word when the cancellation overtook the order', async () => {
    const { release, calls } = warehouse([undefined]);
    await release('o1');
    expect(calls).toEqual(['forbid']);
  });

  it('puts back what was set aside while it left word', async () => {
    const { release, calls } = warehouse([undefined, reservation('RESERVED')], [false, true]);
    await release('o1');
    expect(calls).toEqual(['forbid', 'release']);
  });

  it.each(['RELEASED', 'REJECTED'] as const)('has nothing to do when it is %s', async (status) => {
    const { release, calls } = warehouse([reservation(status)]);
    await release('o1');
    expect(calls).toEqual([]);
  });

  it('calls for help when it was sold', async () => {
    await expect(warehouse([reservation('SOLD')]).release('o1')).rejects.toThrow('is sold');
  });
});
