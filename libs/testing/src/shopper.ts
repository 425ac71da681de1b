import type { RouteOutput } from '@larder/contracts';
import type { Line } from '@larder/contracts/common';
import type { ordersApi } from '@larder/contracts/orders/orders-api';
import type { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { eventually } from './eventually.ts';
import { signedFetch } from './signed-fetch.ts';
import type { RunningLarder } from './larder.ts';

type Order = RouteOutput<typeof ordersApi.routes.getOrder>;
type Charge = RouteOutput<typeof pspSandboxApi.routes.listCharges>['items'][number];

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Someone who shops: everything through the public faces. */
export interface Shopper {
  /** Places an order; asks again with the same key as long as the answer is a server's error or none at all. */
  order(lines: readonly Line[], paymentToken: string, key?: string): Promise<Answer<{ orderId: string; status: string }>>;
  find(orderId: string): Promise<Answer<Order>>;
  list(): Promise<Answer<{ items: Order[]; cursor?: string }>>;
  /** Waits until an order has come to its end. */
  end(orderId: string): Promise<Order>;
}

const ENDS: readonly string[] = ['CONFIRMED', 'REJECTED', 'CANCELLED'];
const ATTEMPTS = 25;

/** Signs somebody in. */
export async function shopper(larder: Pick<RunningLarder, 'endpoint' | 'gateway'>, email: string): Promise<Shopper> {
  const token = await tokenOf(larder, email);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const orders = `${larder.gateway}/orders`;
  const find: Shopper['find'] = async (orderId) => json(await fetch(`${orders}/${orderId}`, { headers }));

  return {
    find,
    list: async () => json(await fetch(orders, { headers })),
    end: (orderId) =>
      eventually(`the end of order ${orderId}`, async () => {
        const { body } = await find(orderId);
        return ENDS.includes(body.status) ? body : undefined;
      }),
    order: async (lines, paymentToken, key = crypto.randomUUID()) => {
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(orders, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': key },
          body: JSON.stringify({ lines, paymentToken }),
        }).catch(() => undefined);
        const again = response === undefined || response.status >= 500 || response.status === 429 || response.status === 409;
        if (response && (!again || attempt === ATTEMPTS)) return json(response);
        if (attempt === ATTEMPTS) throw new Error('the orders service does not answer');
        await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** Math.min(attempt, 7)));
      }
    },
  };
}

/** What the gateway takes as somebody who is signed in. */
export async function tokenOf({ endpoint }: Pick<RunningLarder, 'endpoint'>, email: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${endpoint}/_local/token`, { method: 'POST', headers, body: JSON.stringify({ email }) });
  return (await json<{ token: string }>(response)).body.token;
}

/** What is on the shelf, by the internal API. */
export async function stockOf(
  larder: Pick<RunningLarder, 'gateway'>,
  productId: string,
): Promise<{ available: number; reserved: number; sold: number }> {
  return (
    await json<{ available: number; reserved: number; sold: number }>(await signedFetch(`${larder.gateway}/inventory/stock/${productId}`))
  ).body;
}

/** What the provider's own ledger says of an order. */
export async function chargesOf(larder: Pick<RunningLarder, 'gateway'>, orderId: string): Promise<Charge[]> {
  return (await json<{ items: Charge[] }>(await fetch(`${larder.gateway}/psp-sandbox/charges?orderId=${orderId}`))).body.items;
}

async function json<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
}
