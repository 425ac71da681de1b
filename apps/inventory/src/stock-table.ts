import { stockRejected } from '@larder/contracts/inventory/stock-rejected';
import { stockReserved } from '@larder/contracts/inventory/stock-reserved';
import type { Line, Shortage } from '@larder/contracts/common';
import { commit, ConditionFailed, toEvent, type EventOnce, type RequestOnce, type Write } from '@larder/service/commit';
import { held } from '@larder/service/held';
import type { Cause } from '@larder/service/invocation';
import { table } from '@larder/service/table';
import type { ReserveAttempt } from './reserve-stock/reserve-stock.ts';
import type { Reservation, Stock } from './stock.ts';

const stock = table<Stock>('Stock');
const reservations = table<Reservation>('Reservations');

/** Where a decision comes from: it is made once for an event. */
export interface Origin {
  readonly once: EventOnce;
  readonly cause: Cause;
}

export function findStock(productId: string): Promise<Stock | undefined> {
  return stock.get({ productId }, { consistent: true });
}

export function findReservation(orderId: string): Promise<Reservation | undefined> {
  return reservations.get({ orderId }, { consistent: true });
}

/** Begins to keep stock of a product; one that is kept already stays as it is. */
export async function openStock(productId: string, quantity: number, { once, cause }: Origin): Promise<void> {
  const Item: Stock = { productId, available: quantity, reserved: 0, sold: 0, received: quantity };
  const write: Write = { Put: { TableName: stock.name, Item, ConditionExpression: 'attribute_not_exists(productId)' } };
  await held(() => commit({ once, cause, writes: [write] }));
}

/** Adds a delivery. False when no stock is kept of the product. */
export async function receive<Answer extends object>(
  productId: string,
  quantity: number,
  answer: Answer,
  { once, cause }: { once: RequestOnce<Answer>; cause: Cause },
): Promise<boolean> {
  const write = change(
    productId,
    'available = available + :quantity, received = received + :quantity',
    quantity,
    'attribute_exists(productId)',
  );
  return held(() => commit({ once, cause, answer, writes: [write] }));
}

/** Sets all lines aside and says so, or nothing. */
export async function reserve(orderId: string, lines: readonly Line[], { once, cause }: Origin): Promise<ReserveAttempt> {
  const Item: Reservation = { orderId, status: 'RESERVED', lines };
  try {
    await commit({
      once,
      cause,
      writes: [
        { Put: { TableName: reservations.name, Item, ConditionExpression: 'attribute_not_exists(orderId)' } },
        ...lines.map(({ productId, quantity }) =>
          change(productId, 'available = available - :quantity, reserved = reserved + :quantity', quantity, 'available >= :quantity'),
        ),
      ],
      events: [toEvent(stockReserved, { orderId, lines: [...lines] })],
    });
    return { kind: 'reserved' };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.failed.includes(0)) return { kind: 'settled' };
    return { kind: 'short', available: availableIn(lines, error) };
  }
}

/** Remembers that an order gets nothing, and says so. */
export async function reject(
  orderId: string,
  lines: readonly Line[],
  shortages: readonly Shortage[],
  { once, cause }: Origin,
): Promise<void> {
  const Item: Reservation = { orderId, status: 'REJECTED', lines };
  const write: Write = { Put: { TableName: reservations.name, Item, ConditionExpression: 'attribute_not_exists(orderId)' } };
  const events = [toEvent(stockRejected, { orderId, shortages: [...shortages] })];
  await held(() => commit({ once, cause, writes: [write], events }));
}

/** Lets what was set aside go: out of the house, or back on the shelf. False when it is not set aside any more. */
export async function conclude({ orderId, lines }: Reservation, end: 'SOLD' | 'RELEASED', { once, cause }: Origin): Promise<boolean> {
  const effect = end === 'SOLD' ? 'sold = sold + :quantity' : 'available = available + :quantity';
  const writes: Write[] = [
    {
      Update: {
        TableName: reservations.name,
        Key: { orderId },
        UpdateExpression: 'SET #status = :end',
        ConditionExpression: '#status = :reserved',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':end': end, ':reserved': 'RESERVED' },
      },
    },
    ...lines.map(({ productId, quantity }) =>
      change(productId, `reserved = reserved - :quantity, ${effect}`, quantity, 'reserved >= :quantity'),
    ),
  ];
  return held(() => commit({ once, cause, writes }));
}

/** Remembers that nothing is to be set aside for an order any more. False when something was, meanwhile. */
export async function forbid(orderId: string, { once, cause }: Origin): Promise<boolean> {
  const Item: Reservation = { orderId, status: 'RELEASED', lines: [] };
  const write: Write = { Put: { TableName: reservations.name, Item, ConditionExpression: 'attribute_not_exists(orderId)' } };
  return held(() => commit({ once, cause, writes: [write] }));
}

function change(productId: string, effect: string, quantity: number, condition: string): Write {
  return {
    Update: {
      TableName: stock.name,
      Key: { productId },
      UpdateExpression: `SET ${effect}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ':quantity': quantity },
    },
  };
}

/** What there was of each line: those whose condition held had enough. */
function availableIn(lines: readonly Line[], { failed, items }: ConditionFailed): Map<string, number> {
  return new Map(
    lines.map(({ productId, quantity }, index) => {
      const short = failed.includes(index + 1);
      const left = items[index + 1]?.available;
      return [productId, short ? Number(left ?? 0) : quantity];
    }),
  );
}
