import { orderCancelled } from '@larder/contracts/orders/order-cancelled';
import { onEvent } from '@larder/service/on-event';
import { findPayment, forbidCharge, undoCharge } from '../payments-table.ts';
import { provider } from '../psp.ts';
import { cancelPayment } from './cancel-payment.ts';

export const handler = onEvent(orderCancelled, ({ data, once, cause }) =>
  cancelPayment({
    provider,
    find: findPayment,
    forbid: (orderId) => forbidCharge(orderId, { once, cause }),
    undo: (payment, charge) => undoCharge(payment, charge, { once, cause }),
  })(data.orderId),
);
