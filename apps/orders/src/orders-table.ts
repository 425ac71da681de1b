import { commit, toEvent, type EventOnce, type NewEvent, type RequestOnce } from '@larder/service/commit';
import { held } from '@larder/service/held';
import type { Cause } from '@larder/service/invocation';
import { metric } from '@larder/service/metrics';
import { table } from '@larder/service/table';
import type { OrderStatus } from '@larder/contracts/orders/orders-api';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { hasEnded, type Order } from './order.ts';

/** As it stands in the table. An open order is in one of the shards of the index `Open`, so that no single partition has them all. */
interface OrderItem extends Order {
  readonly openShard?: string;
}

const orders = table<OrderItem>('Orders');

const SHARDS = 8;
const shardOf = (orderId: string) => `open-${(orderId.codePointAt(orderId.length - 1) as number) % SHARDS}`;

type Answer = { orderId: string; status: OrderStatus };

/** Keeps a new order and says that it was placed, once for an Idempotency-Key. */
export async function placeInTable(
  order: Order,
  answer: Answer,
  { once, cause }: { once: RequestOnce<Answer>; cause: Cause },
): Promise<void> {
  const { orderId, customerId, lines, total, placedAt } = order;
  const item: OrderItem = { ...order, openShard: shardOf(orderId) };
  const outcome = await commit({
    once,
    cause,
    answer,
    writes: [{ Put: { TableName: orders.name, Item: item, ConditionExpression: 'attribute_not_exists(orderId)' } }],
    events: [toEvent(orderPlaced, { orderId, customerId, lines: [...lines], total, placedAt })],
  });
  if (outcome === 'committed') metric('OrdersPlaced');
}

export function findOrder(orderId: string): Promise<Order | undefined> {
  return orders.get({ orderId }, { consistent: true });
}

/** A customer's orders, the newest first: identifiers grow with time. */
export async function ordersOf(
  customerId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<{ orders: Order[]; last: string | undefined }> {
  const page = await orders.query({
    index: 'ByCustomer',
    where: 'customerId = :customerId',
    values: { ':customerId': customerId },
    descending: true,
    limit,
    after: after === undefined ? undefined : { customerId, orderId: after },
  });
  return { orders: page.items, last: page.last?.orderId as string | undefined };
}

/** Open orders that were placed before an instant, the oldest of each shard first. */
export async function openOrdersBefore(instant: string, limit: number): Promise<string[]> {
  const pages = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      orders.query({
        index: 'Open',
        where: 'openShard = :shard AND placedAt < :instant',
        values: { ':shard': `open-${shard}`, ':instant': instant },
        limit: Math.ceil(limit / SHARDS),
      }),
    ),
  );
  return pages.flatMap((page) => page.items.map((order) => order.orderId));
}

/**
 * Writes an order's next status if it still has the one that was read, and says so; false if it has another one by now. At its end an order leaves the index of open ones, and the payment token is forgotten.
 *
 * @param context `once` is absent when no event, but the clock, moves the order on: then the condition alone keeps it from happening twice.
 */
export async function writeStatus(
  order: Order,
  to: OrderStatus,
  { once, cause, events }: { once?: EventOnce; cause: Cause; events: readonly NewEvent[] },
): Promise<boolean> {
  return held(async () => {
    const outcome = await commit({
      once,
      cause,
      events,
      writes: [
        {
          Update: {
            TableName: orders.name,
            Key: { orderId: order.orderId },
            UpdateExpression: hasEnded(to) ? 'SET #status = :to REMOVE openShard, paymentToken' : 'SET #status = :to',
            ConditionExpression: '#status = :from',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':to': to, ':from': order.status },
          },
        },
      ],
    });
    if (outcome === 'committed' && hasEnded(to)) metric('OrdersEnded', 1, 'Count', { Status: to });
  });
}
