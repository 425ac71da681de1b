import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { onEvent } from '@larder/service/on-event';
import { conclude, findReservation, forbid } from '../stock-table.ts';
import { releaseStock } from './release-stock.ts';

export const handler = onEvent(orderCancelled, (event) =>
  releaseStock({
    find: findReservation,
    release: (reservation) => conclude(reservation, 'RELEASED', event),
    forbid: (orderId) => forbid(orderId, event),
  })(event.data.orderId),
);
