import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { onEvent } from '@larder/service/on-event';
import { reject, reserve } from '../stock-table.ts';
import { reserveStock } from './reserve-stock.ts';

export const handler = onEvent(orderPlaced, (event) =>
  reserveStock({
    reserve: (orderId, lines) => reserve(orderId, lines, event),
    reject: (orderId, lines, shortages) => reject(orderId, lines, shortages, event),
  })(event.data),
);
