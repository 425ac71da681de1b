import { ApiError } from '@larder/contracts';
import { stockReserved } from '@larder/contracts/inventory/stock-reserved';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { client } from '@larder/service/client';
import { onEvent } from '@larder/service/on-event';
import { beginCharge, findPayment, settleCharge } from '../payments-table.ts';
import { provider } from '../psp.ts';
import { chargeOrder } from './charge-order.ts';

const orders = client(ordersApi);

export const handler = onEvent(stockReserved, ({ data, once, cause }) =>
  chargeOrder({
    provider,
    find: findPayment,
    instruction: (orderId) =>
      orders.getPaymentInstruction({ params: { orderId } }).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'ORDER_ENDED') return undefined;
        throw error;
      }),
    begin: beginCharge,
    settle: (orderId, outcome) => settleCharge(orderId, outcome, { once, cause }),
  })(data.orderId),
);
