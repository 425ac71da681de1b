import { hasEnded, mayBecome } from './order.ts';

const statuses = ['PLACED', 'RESERVED', 'CONFIRMED', 'REJECTED', 'CANCELLED'] as const;

describe('an order', () => {
  it('ends once: nothing follows an end', () => {
    for (const end of statuses.filter(hasEnded)) {
      expect(statuses.filter((status) => mayBecome(end, status))).toEqual([]);
    }
    expect(statuses.filter(hasEnded)).toEqual(['CONFIRMED', 'REJECTED', 'CANCELLED']);
  });

  it('is confirmed even when the capture overtakes the reservation', () => {
    expect(mayBecome('PLACED', 'CONFIRMED')).toBe(true);
  });

  it('is not rejected once it is reserved', () => {
    expect(mayBecome('RESERVED', 'REJECTED')).toBe(false);
  });

  it('never goes back', () => {
    expect(mayBecome('RESERVED', 'PLACED')).toBe(false);
  });
});
