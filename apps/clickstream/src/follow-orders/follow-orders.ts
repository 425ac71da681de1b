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
export type OrderEvent = { readonly id: string; readonly time: Date; readonly orderId: string } & (
  | { readonly type: 'orders.OrderPlaced.v1' | 'orders.OrderConfirmed.v1'; readonly total: Money }
  | { readonly type: 'payments.PaymentDeclined.v1' }
);

/** Brings what becomes of orders into the stream, under the id that it has on the bus: what comes twice is recognised there. */
export const followOrders =
  ({ keepPlaced, findPlaced, produce }: FollowOrdersDeps) =>
  async (heard: OrderEvent): Promise<void> => {
    const { id, type, time, orderId } = heard;
    if (type === 'payments.PaymentDeclined.v1') return produce({ id, time: time.toISOString(), orderId, type: 'payment.declined' });
    const event = { id, time: time.toISOString(), orderId, total: heard.total };
    if (type === 'orders.OrderPlaced.v1') {
      await keepPlaced(orderId, event.time);
      return produce({ ...event, type: 'order.placed' });
    }
    const placedAt = await findPlaced(orderId);
    const milliseconds = placedAt === undefined ? undefined : Math.max(0, time.getTime() - Date.parse(placedAt));
    return produce({ ...event, type: 'order.confirmed', ...(milliseconds !== undefined && { milliseconds }) });
  };
