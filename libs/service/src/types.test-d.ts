import { apiError } from '@larder/contracts';
import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { inventoryApi } from '@larder/contracts/inventory/inventory-api';
import { stockReserved } from '@larder/contracts/inventory/stock-reserved';
import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { client } from './client.ts';
import { commit, toEvent } from './commit.ts';
import { log } from './log.ts';
import { onEvent } from './on-event.ts';
import { onRequest } from './on-request.ts';

// Checked by the compiler alone: nothing here runs.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => undefined;

export function events(): void {
  onEvent(orderPlaced, (event) => {
    is<Equal<typeof event.type, 'orders.OrderPlaced.v1'>>();
    is<Equal<typeof event.data.total.amount, number>>();
    // @ts-expect-error: not in the contract
    return event.data.email;
  });
  onEvent([orderPlaced, orderCancelled], (event) => {
    is<Equal<typeof event.type, 'orders.OrderPlaced.v1' | 'orders.OrderCancelled.v1'>>();
    if (event.type === 'orders.OrderPlaced.v1') is<Equal<typeof event.data.customerId, string>>();
    // @ts-expect-error: a cancelled order says nothing of its total
    else return event.data.total;
    return undefined;
  });
  toEvent(stockReserved, stockReserved.example);
  // @ts-expect-error: another event's payload
  toEvent(stockReserved, { orderId: 1 });
}

export function requests(): void {
  onRequest(ordersApi, 'placeOrder', ({ body, once, idempotencyKey, cause, params }) => {
    is<Equal<typeof idempotencyKey, string>>();
    is<Equal<typeof params, undefined>>();
    is<Equal<(typeof body.lines)[number]['quantity'], number>>();
    const answer = { orderId: 'o', status: 'PLACED' } as const;
    void commit({ once, cause, answer });
    // @ts-expect-error: the memory of a request needs its answer
    void commit({ once, cause });
    // @ts-expect-error: the answer is that of the route
    void commit({ once, cause, answer: { status: 'PLACED' } });
    return answer;
  });
  onRequest(ordersApi, 'getOrder', ({ params, caller, ...request }) => {
    is<Equal<typeof params.orderId, string>>();
    if (caller.kind === 'person') is<Equal<typeof caller.id, string>>();
    // @ts-expect-error: only where the contract requires a key
    void request.once;
    throw apiError(ordersApi.routes.getOrder, 'UNKNOWN_ORDER');
  });
  onRequest(ordersApi, 'placeOrder', ({ body }) => ({ orderId: body.paymentToken, status: 'PLACED' as const }));
  onRequest(ordersApi, 'placeOrder', async ({ body }) => ({ orderId: body.paymentToken, status: 'PLACED' as const }));
  // @ts-expect-error: no such status
  onRequest(ordersApi, 'placeOrder', ({ body }) => ({ orderId: body.paymentToken, status: 'SHIPPED' as const }));
  // @ts-expect-error: no such route
  onRequest(ordersApi, 'shipOrder', () => ({}));
  // @ts-expect-error: not an error of this route
  apiError(ordersApi.routes.getOrder, 'UNKNOWN_PRODUCT');
}

export async function clients(): Promise<void> {
  const { items } = await client(catalogApi).getPrices({ query: { productIds: 'a,b' } });
  is<Equal<typeof items, { productId: string; price: { amount: number; currency: string } }[]>>();
  await client(catalogApi).listCategories();
  const inventory = client(inventoryApi);
  await inventory.receiveStock({ params: { productId: 'a' }, body: { quantity: 1 }, idempotencyKey: 'k' });
  // @ts-expect-error: the contract requires a key
  await inventory.receiveStock({ params: { productId: 'a' }, body: { quantity: 1 } });
  // @ts-expect-error: a parameter is missing
  await inventory.getStock({});
  // @ts-expect-error: no such route
  await inventory.shipStock({});
}

export function logs(): void {
  log.info('An order was placed', { orderId: 'o', count: 1 });
  // @ts-expect-error: nothing personal
  log.info('An order was placed', { email: 'x' });
  // @ts-expect-error: nothing whole
  log.info('An order was placed', { orderId: { body: 1 } });
}

export function answersWithLists(): void {
  onRequest(catalogApi, 'listCategories', () => ({ items: [] }));
  onRequest(catalogApi, 'listCategories', () => ({ items: [{ category: 'fruit' }] }));
}

export function answerFromElsewhere(categories: { category: string }[]): void {
  onRequest(catalogApi, 'listCategories', async () => ({ items: categories.map(({ category }) => ({ category })) }));
  onRequest(catalogApi, 'listCategories', () => {
    if (categories.length === 0) return { items: [] };
    return { items: categories };
  });
}
