import { stockReserved } from '@larder/contracts/inventory/stock-reserved';
import { onEvent } from '@larder/service/on-event';
import { advance } from '../advance.ts';

export const handler = onEvent(stockReserved, (event) => advance(event.data.orderId, 'RESERVED', event));
