import type { Charge, Ledger } from './charge.ts';
import { createCharge } from './create-charge/create-charge.ts';
import { reverseCharge } from './reverse-charge/reverse-charge.ts';

class Dropped extends Error {}

function provider() {
  const lines = new Map<string, Charge>();
  const ledger: Ledger = {
    find: async (orderId) => lines.get(orderId),
    add: async (charge) => !lines.has(charge.orderId) && Boolean(lines.set(charge.orderId, charge)),
    refund: async (orderId) => {
      const charge = lines.get(orderId);
      if (charge?.status !== 'CAPTURED') return false;
      lines.set(orderId, { ...charge, status: 'REFUNDED' });
      return true;
    },
  };
  let count = 0;
  const deps = {
    ledger,
    newId: () => `ch_${(count += 1)}`,
    now: () => new Date('2026-11-02T09:30:00Z'),
    wait: async () => undefined,
    dropConnection: () => {
      throw new Dropped();
    },
  };
  const charge = createCharge(deps);
  return {
    lines,
    charge: (paymentToken: string, amount = 100) => charge({ body: { orderId: 'o1', amount: { amount, currency: 'EUR' }, paymentToken } }),
    reverse: reverseCharge(deps),
  };
}

describe("the provider's ledger", () => {
  it.each([
    ['tok_ok', 'CAPTURED'],
    ['tok_slow', 'CAPTURED'],
    ['tok_declined', 'DECLINED'],
    ['tok_of_nobody', 'DECLINED'],
  ])('%s is %s', async (token, status) => {
    await expect(provider().charge(token)).resolves.toMatchObject({ status });
  });

  it('charges nothing for tok_error, however often it is asked', async () => {
    const { charge, lines } = provider();
    await expect(charge('tok_error')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    await expect(charge('tok_error')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(lines.size).toBe(0);
  });

  it('charges once for tok_lost_reply, and says so when it is asked again', async () => {
    const { charge, lines } = provider();
    await expect(charge('tok_lost_reply')).rejects.toThrow(Dropped);
    await expect(charge('tok_lost_reply')).resolves.toMatchObject({ chargeId: 'ch_1', status: 'CAPTURED' });
    expect(lines.size).toBe(1);
  });

  it('refuses another amount for the same order', async () => {
    const { charge } = provider();
    await charge('tok_ok', 100);
    await expect(charge('tok_ok', 200)).rejects.toMatchObject({ code: 'KEY_REUSED' });
  });

  it('refunds a capture once', async () => {
    const { charge, reverse } = provider();
    await charge('tok_ok');
    await expect(reverse('o1')).resolves.toMatchObject({ chargeId: 'ch_1', status: 'REFUNDED' });
    await expect(reverse('o1')).resolves.toMatchObject({ chargeId: 'ch_1', status: 'REFUNDED' });
  });

  it('never makes a charge that was called off before it came', async () => {
    const { charge, reverse } = provider();
    await expect(reverse('o1')).resolves.toMatchObject({ status: 'VOIDED' });
    await expect(charge('tok_ok')).resolves.toMatchObject({ status: 'VOIDED' });
  });

  it('leaves a declined charge declined', async () => {
    const { charge, reverse } = provider();
    await charge('tok_declined');
    await expect(reverse('o1')).resolves.toMatchObject({ status: 'DECLINED' });
  });
});
