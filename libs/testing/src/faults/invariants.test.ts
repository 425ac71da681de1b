import { damagesIn, type Books } from './invariants.ts';

const accepted = new Map([
  ['k1', 'o1'],
  ['k2', 'o2'],
]);

const sound: Books = {
  orders: [
    { orderId: 'o1', status: 'CONFIRMED', lines: [{ productId: 'pear', quantity: 3 }] },
    { orderId: 'o2', status: 'CANCELLED', lines: [{ productId: 'pear', quantity: 1 }] },
  ],
  stock: [{ productId: 'pear', available: 7, reserved: 0, sold: 3, received: 10 }],
  reservations: [
    { orderId: 'o1', status: 'SOLD' },
    { orderId: 'o2', status: 'RELEASED' },
  ],
  charges: [
    { orderId: 'o1', status: 'CAPTURED' },
    { orderId: 'o2', status: 'REFUNDED' },
  ],
  notices: [
    { orderId: 'o1', kind: 'CONFIRMED' },
    { orderId: 'o2', kind: 'CANCELLED' },
  ],
};

describe('the invariants', () => {
  it('find nothing wrong with sound books', () => {
    expect(damagesIn(sound, accepted)).toEqual([]);
  });

  const damaged: [string, Partial<Books>][] = [
    ['came to no end', { orders: sound.orders.map((order) => ({ ...order, status: 'PLACED' })) }],
    ['is gone', { orders: sound.orders.slice(1) }],
    ['charged 2 times', { charges: [...sound.charges, { orderId: 'o1~again', status: 'CAPTURED' }] }],
    ['charged 0 times', { charges: sound.charges.slice(1) }],
    ['charged 1 times', { charges: sound.charges.map((charge) => ({ ...charge, status: 'CAPTURED' })) }],
    ['its reservation is missing', { reservations: sound.reservations.slice(1) }],
    ['its reservation is RESERVED', { reservations: sound.reservations.map((reservation) => ({ ...reservation, status: 'RESERVED' })) }],
    ['below zero', { stock: [{ productId: 'pear', available: -1, reserved: 0, sold: 3, received: 2 }] }],
    ['does not add up', { stock: [{ productId: 'pear', available: 8, reserved: 0, sold: 3, received: 10 }] }],
    ['set aside for nobody', { stock: [{ productId: 'pear', available: 6, reserved: 1, sold: 3, received: 10 }] }],
    ['were confirmed', { stock: [{ productId: 'pear', available: 6, reserved: 0, sold: 4, received: 10 }] }],
    ['told 2 times', { notices: [...sound.notices, { orderId: 'o1', kind: 'CONFIRMED' }] }],
    ['told 0 times', { notices: sound.notices.slice(1) }],
    ['made 3 orders', { orders: [...sound.orders, { orderId: 'o3', status: 'REJECTED', lines: [] }] }],
  ];

  it.each(damaged)('find a damage: %s', (sentence, change) => {
    expect(damagesIn({ ...sound, ...change }, accepted)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
  });
});
