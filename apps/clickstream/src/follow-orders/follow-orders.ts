import type { StreamEvent } from '@larder/contracts';
import type { pageEvents } from '@larder/contracts/clickstream/page-events';
import type { Money } from '@larder/contracts/common';

type PageEvent = StreamEvent<(typeof pageEvents)['records']>;

export interface FollowOrdersDeps {
  keepPlaced(orderId: string, placedAt: string): Promise<void>;
  /** When an order was placed, if that was heard. */
  findPlaced(orderId: string): Promise<string | undefined>;
  produce(event: PageEvent): Promise<void>;
}

/** An event of the bus. */
export interface OrderEvent {
  readonly id: string;
  readonly type: 'orders.OrderPlaced.v1' | 'orders.OrderConfirmed.v1';
  readonly time: Date;
  readonly orderId: string;
  readonly total: Money;
}

/** Brings what becomes of orders into the stream, under the id that it has on the bus: what comes twice is recognised there. */
export const followOrders =
  ({ keepPlaced, findPlaced, produce }: FollowOrdersDeps) =>
  async ({ id, type, time, orderId, total }: OrderEvent): Promise<void> => {
    const event = { id, time: time.toISOString(), orderId, total };
    if (type === 'orders.OrderPlaced.v1') {
      await keepPlaced(orderId, event.time);
      return produce({ ...event, type: 'order.placed' });
    }
    const placedAt = await findPlaced(orderId);
    const milliseconds = placedAt === undefined ? undefined : Math.max(0, time.getTime() - Date.parse(placedAt));
    return produce({ ...event, type: 'order.confirmed', ...(milliseconds !== undefined && { milliseconds }) });
  };
