import type { Payment } from '../payment.ts';
import { cancelPayment } from './cancel-payment.ts';

function world(states: (Payment | undefined)[], writes: boolean[] = [true]) {
  const calls: string[] = [];
  const cancel = cancelPayment({
    provider: {
      charge: async () => {
        throw new Error('a cancelled order is never charged');
      },
      reverse: async () => (calls.push('reverse'), { chargeId: 'ch_1', status: 'REFUNDED' }),
    },
    find: async () => (states.length > 1 ? states.shift() : states[0]),
    forbid: async () => (calls.push('forbid'), writes.shift() ?? false),
    undo: async (payment) => (calls.push(`undo ${payment.status}`), writes.shift() ?? false),
  });
  return { calls, cancel };
}

describe('cancelling a payment', () => {
  it('forbids a charge that has not begun, without asking the provider', async () => {
    const { cancel, calls } = world([undefined]);
    await expect(cancel('o1')).resolves.toBe('forbidden');
    expect(calls).toEqual(['forbid']);
  });

  it.each(['CHARGING', 'CAPTURED'] as const)('has the provider undo a charge that is %s, and then writes it down', async (status) => {
    const { cancel, calls } = world([{ orderId: 'o1', status }]);
    await expect(cancel('o1')).resolves.toBe('undone');
    expect(calls).toEqual(['reverse', `undo ${status}`]);
  });

  it.each(['DECLINED', 'CANCELLED', 'REFUNDED'] as const)('has nothing to do once the payment is %s', async (status) => {
    const { cancel, calls } = world([{ orderId: 'o1', status }]);
    await expect(cancel('o1')).resolves.toBe('nothing to do');
    expect(calls).toEqual([]);
  });

  it('looks again when a charge began or ended meanwhile', async () => {
    const { cancel, calls } = world(
      [undefined, { orderId: 'o1', status: 'CHARGING' }, { orderId: 'o1', status: 'CAPTURED' }],
      [false, false, true],
    );
    await expect(cancel('o1')).resolves.toBe('undone');
    expect(calls).toEqual(['forbid', 'reverse', 'undo CHARGING', 'reverse', 'undo CAPTURED']);
  });
});
