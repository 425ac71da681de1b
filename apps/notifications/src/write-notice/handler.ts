import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { orderConfirmed } from '@larder/contracts/orders/order-confirmed';
import { orderRejected } from '@larder/contracts/orders/order-rejected';
import { onEvent, type Subscribed } from '@larder/service/on-event';
import { ulid } from '@larder/service/ulid';
import { keepNotice } from '../notices-table.ts';
import { writeNotice, type Ending } from './write-notice.ts';

export const handler = onEvent([orderConfirmed, orderRejected, orderCancelled], (event) =>
  writeNotice({ newId: ulid, keep: (notice) => keepNotice(notice, event) })(toEnding(event)),
);

function toEnding(event: Subscribed<typeof orderConfirmed | typeof orderRejected | typeof orderCancelled>): Ending {
  switch (event.type) {
    case 'orders.OrderConfirmed.v1':
      return { kind: 'CONFIRMED', ...event.data };
    case 'orders.OrderRejected.v1':
      return { kind: 'REJECTED', ...event.data };
    case 'orders.OrderCancelled.v1':
      return { kind: 'CANCELLED', ...event.data };
  }
}
