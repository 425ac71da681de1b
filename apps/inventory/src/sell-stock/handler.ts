import { orderConfirmed } from '@larder/contracts/orders/order-confirmed';
import { onEvent } from '@larder/service/on-event';
import { conclude, findReservation } from '../stock-table.ts';
import { sellStock } from './sell-stock.ts';

export const handler = onEvent(orderConfirmed, (event) =>
  sellStock({ find: findReservation, sell: (reservation) => conclude(reservation, 'SOLD', event) })(event.data.orderId),
);
