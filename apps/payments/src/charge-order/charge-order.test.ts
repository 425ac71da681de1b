import type { Money } from '@larder/contracts/common';
import { ProviderUnavailable, type Charge, type Payment } from '../payment.ts';
import { chargeOrder, type ChargeOutcome } from './charge-order.ts';

const amount: Money = { amount: 294, currency: 'EUR' };

function world(options: { payment?: Payment; ended?: boolean; charge?: () => Charge; cancelledMeanwhile?: boolean }) {
  const calls: string[] = [];
  const settled: ChargeOutcome[] = [];
  const charge = chargeOrder({
    provider: {
      charge: async () => (calls.push('charge'), (options.charge ?? (() => ({ chargeId: 'ch_1', status: 'CAPTURED' })))()),
      reverse: async () => (calls.push('reverse'), { chargeId: 'ch_1', status: 'REFUNDED' }),
    },
    find: async () => options.payment,
    instruction: async () => (options.ended ? undefined : { amount, paymentToken: 'tok_ok' }),
    begin: async () => (calls.push('begin'), true),
    settle: async (_orderId, outcome) => {
      calls.push('settle');
      if (options.cancelledMeanwhile) return false;
      settled.push(outcome);
      return true;
    },
  });
  return { calls, settled, charge };
}

describe('charging an order', () => {
  it('leaves word before it asks the provider', async () => {
    const { charge, calls, settled } = world({});
    await expect(charge('o1')).resolves.toBe('captured');
    expect(calls).toEqual(['begin', 'charge', 'settle']);
    expect(settled).toEqual([{ kind: 'captured', chargeId: 'ch_1', amount }]);
  });

  it('says that it was declined when the provider declines', async () => {
    const { charge, settled } = world({ charge: () => ({ chargeId: 'ch_1', status: 'DECLINED' }) });
    await expect(charge('o1')).resolves.toBe('declined');
    expect(settled).toEqual([{ kind: 'declined', reason: 'DECLINED' }]);
  });

  it('asks again before it undoes a charge whose reply was lost', async () => {
    const replies: (() => Charge)[] = [
      () => {
        throw new ProviderUnavailable('no answer');
      },
      () => ({ chargeId: 'ch_1', status: 'CAPTURED' }),
    ];
    const { charge, calls } = world({ charge: () => (replies.shift() as () => Charge)() });
    await expect(charge('o1')).resolves.toBe('captured');
    expect(calls).toEqual(['begin', 'charge', 'charge', 'settle']);
  });

  it('undoes a charge that nobody knows of, and then declines', async () => {
    const { charge, calls, settled } = world({
      charge: () => {
        throw new ProviderUnavailable('no answer');
      },
    });
    await expect(charge('o1')).resolves.toBe('declined');
    expect(calls).toEqual(['begin', 'charge', 'charge', 'reverse', 'settle']);
    expect(settled).toEqual([{ kind: 'declined', reason: 'PROVIDER_ERROR' }]);
  });

  it('gives the money back when the order was cancelled meanwhile', async () => {
    const { charge, calls } = world({ cancelledMeanwhile: true });
    await expect(charge('o1')).resolves.toBe('undone');
    expect(calls).toEqual(['begin', 'charge', 'settle', 'reverse']);
  });

  it('does not take a charge that was called off for a capture', async () => {
    const { charge, settled } = world({ charge: () => ({ chargeId: 'ch_1', status: 'VOIDED' }) });
    await charge('o1');
    expect(settled).toEqual([{ kind: 'declined', reason: 'PROVIDER_ERROR' }]);
  });

  it.each(['CAPTURED', 'DECLINED', 'CANCELLED', 'REFUNDED'] as const)('asks nobody once the payment is %s', async (status) => {
    const { charge, calls } = world({ payment: { orderId: 'o1', status } });
    await expect(charge('o1')).resolves.toBe('nothing to do');
    expect(calls).toEqual([]);
  });

  it('asks again when the last attempt ended in mid-flight', async () => {
    const { charge, calls } = world({ payment: { orderId: 'o1', status: 'CHARGING' } });
    await charge('o1');
    expect(calls).toEqual(['begin', 'charge', 'settle']);
  });

  it('charges nothing for an order that has ended', async () => {
    const { charge, calls } = world({ ended: true });
    await expect(charge('o1')).resolves.toBe('nothing to do');
    expect(calls).toEqual([]);
  });
});
