import { followOrders } from './follow-orders.ts';

it('an order is followed from when it was placed to when it was confirmed', async () => {
  const placed = new Map<string, string>();
  const produced: unknown[] = [];
  const follow = followOrders({
    keepPlaced: async (orderId, at) => void placed.set(orderId, at),
    findPlaced: async (orderId) => placed.get(orderId),
    produce: async (event) => void produced.push(event),
  });
  const order = { orderId: 'o-1', total: { amount: 294, currency: 'EUR' } };
  const at = (seconds: number) => new Date(Date.parse('2026-11-02T09:30:00.000Z') + seconds * 1000);
  await follow({ ...order, id: 'e-1', type: 'orders.OrderPlaced.v1', time: at(0) });
  await follow({ ...order, id: 'e-2', type: 'orders.OrderConfirmed.v1', time: at(2) });
  await follow({ ...order, orderId: 'unheard', id: 'e-3', type: 'orders.OrderConfirmed.v1', time: at(3) });
  expect(produced).toEqual([
    { ...order, id: 'e-1', type: 'order.placed', time: at(0).toISOString() },
    { ...order, id: 'e-2', type: 'order.confirmed', time: at(2).toISOString(), milliseconds: 2000 },
    { ...order, orderId: 'unheard', id: 'e-3', type: 'order.confirmed', time: at(3).toISOString() },
  ]);
});
