import { paymentCaptured } from '@larder/contracts/payments/payment-captured';
import { paymentDeclined } from '@larder/contracts/payments/payment-declined';
import { paymentRefunded } from '@larder/contracts/payments/payment-refunded';
import type { Money } from '@larder/contracts/common';
import { commit, toEvent, type EventOnce, type NewEvent, type Write } from '@larder/service/commit';
import { held } from '@larder/service/held';
import type { Cause } from '@larder/service/invocation';
import { metric } from '@larder/service/metrics';
import { table } from '@larder/service/table';
import type { ChargeOutcome } from './charge-order/charge-order.ts';
import type { Charge, Payment, PaymentStatus } from './payment.ts';

const payments = table<Payment>('Payments');

/** Where a decision comes from: it is made once for an event. */
export interface Origin {
  readonly once: EventOnce;
  readonly cause: Cause;
}

export function findPayment(orderId: string): Promise<Payment | undefined> {
  return payments.get({ orderId }, { consistent: true });
}

/** Remembers that the provider is about to be asked; again and again is fine, as long as there is no outcome. */
export async function beginCharge(orderId: string, amount: Money): Promise<boolean> {
  return held(() =>
    payments.put(
      { orderId, status: 'CHARGING', amount },
      {
        condition: 'attribute_not_exists(orderId) OR #status = :charging',
        names: { '#status': 'status' },
        values: { ':charging': 'CHARGING' },
      },
    ),
  );
}

export async function settleCharge(orderId: string, outcome: ChargeOutcome, origin: Origin): Promise<boolean> {
  return outcome.kind === 'captured'
    ? move(
        { orderId, from: 'CHARGING', to: 'CAPTURED', chargeId: outcome.chargeId },
        [toEvent(paymentCaptured, { orderId, chargeId: outcome.chargeId, amount: outcome.amount })],
        origin,
      )
    : move({ orderId, from: 'CHARGING', to: 'DECLINED' }, [toEvent(paymentDeclined, { orderId, reason: outcome.reason })], origin);
}

/** Leaves word that an order is never to be charged. */
export async function forbidCharge(orderId: string, { once, cause }: Origin): Promise<boolean> {
  const Item: Payment = { orderId, status: 'CANCELLED' };
  return held(() =>
    commit({ once, cause, writes: [{ Put: { TableName: payments.name, Item, ConditionExpression: 'attribute_not_exists(orderId)' } }] }),
  );
}

export async function undoCharge({ orderId, status }: Payment, charge: Charge, origin: Origin): Promise<boolean> {
  const { chargeId, amount } = charge;
  return charge.status === 'REFUNDED' && amount
    ? move({ orderId, from: status, to: 'REFUNDED', chargeId }, [toEvent(paymentRefunded, { orderId, chargeId, amount })], origin)
    : move({ orderId, from: status, to: 'CANCELLED' }, [], origin);
}

interface Move {
  readonly orderId: string;
  readonly from: PaymentStatus;
  readonly to: PaymentStatus;
  readonly chargeId?: string;
}

async function move({ orderId, from, to, chargeId }: Move, events: readonly NewEvent[], { once, cause }: Origin): Promise<boolean> {
  const write: Write = {
    Update: {
      TableName: payments.name,
      Key: { orderId },
      UpdateExpression: chargeId === undefined ? 'SET #status = :to' : 'SET #status = :to, chargeId = :chargeId',
      ConditionExpression: '#status = :from',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':to': to, ':from': from, ':chargeId': chargeId },
    },
  };
  return held(async () => {
    if ((await commit({ once, cause, writes: [write], events })) === 'committed') metric('PaymentsSettled', 1, 'Count', { Status: to });
  });
}
