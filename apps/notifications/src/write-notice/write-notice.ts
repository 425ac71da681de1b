import type { Shortage } from '@larder/contracts/common';
import type { Notice } from '../notice.ts';

/** How an order ended. */
export type Ending =
  | { readonly kind: 'CONFIRMED'; readonly orderId: string; readonly total: { amount: number; currency: string } }
  | { readonly kind: 'REJECTED'; readonly orderId: string; readonly shortages: readonly Shortage[] }
  | { readonly kind: 'CANCELLED'; readonly orderId: string; readonly reason: 'PAYMENT_DECLINED' | 'TIMED_OUT' };

export interface WriteNoticeDeps {
  newId(): string;
  /** Keeps the notice together with the memory of the event that it is about: one event, one notice. */
  keep(notice: Notice): Promise<unknown>;
}

/** Writes down what a shopper is to be told. Sending is another step, so that an event that comes twice does not send two mails. */
export const writeNotice =
  (deps: WriteNoticeDeps) =>
  async (ending: Ending): Promise<void> => {
    await deps.keep({ noticeId: deps.newId(), orderId: ending.orderId, kind: ending.kind, ...wording(ending) });
  };

function wording(ending: Ending): { subject: string; text: string } {
  switch (ending.kind) {
    case 'CONFIRMED':
      return {
        subject: 'Your order is confirmed',
        text: `Thank you. We took ${price(ending.total)} for order ${ending.orderId}, and will bring it to you.`,
      };
    case 'REJECTED':
      return {
        subject: 'We could not fill your order',
        text: `We are sorry: for order ${ending.orderId} we do not have ${ending.shortages.map(shortage).join(', ')}. You have not been charged.`,
      };
    case 'CANCELLED':
      return {
        subject: 'Your order is cancelled',
        text:
          ending.reason === 'PAYMENT_DECLINED'
            ? `The payment for order ${ending.orderId} was declined. You have not been charged.`
            : `The payment for order ${ending.orderId} did not come in time. Should it still come, it goes back to you.`,
      };
  }
}

function price({ amount, currency }: { amount: number; currency: string }): string {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency }).format(amount / 100);
}

function shortage({ productId, requested, available }: Shortage): string {
  return `${requested} × ${productId} (${available} left)`;
}
