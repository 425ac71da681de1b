import { apiError } from '@larder/contracts';
import type { RouteInput } from '@larder/contracts';
import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import type { Charge, Ledger } from '../charge.ts';

const route = pspSandboxApi.routes.createCharge;

export interface CreateChargeDeps {
  readonly ledger: Ledger;
  newId(): string;
  now(): Date;
  wait(ms: number): Promise<void>;
  /** Breaks the connection off, so that the caller never hears. */
  dropConnection(): never;
}

/** How long `tok_slow` takes, in milliseconds. */
export const SLOW_MS = 3000;

/**
 * Takes money, or behaves as badly as a provider can: `tok_ok` captures · `tok_declined` declines · `tok_slow` captures after a while ·
 * `tok_error` fails and charges nothing · `tok_lost_reply` captures, and then the connection drops. Any other token is declined.
 */
export const createCharge =
  (deps: CreateChargeDeps) =>
  async ({ body }: Pick<RouteInput<typeof route>, 'body'>): Promise<Charge> => {
    const { orderId, amount, paymentToken } = body;
    if (paymentToken === 'tok_error') throw apiError(route, 'PROVIDER_UNAVAILABLE');

    const fingerprint = `${paymentToken}:${amount.amount}:${amount.currency}`;
    const known = await deps.ledger.find(orderId);
    if (known) return answered(known, fingerprint);

    if (paymentToken === 'tok_slow') await deps.wait(SLOW_MS);
    const status = ['tok_ok', 'tok_slow', 'tok_lost_reply'].includes(paymentToken) ? 'CAPTURED' : 'DECLINED';
    const charge: Charge = { chargeId: deps.newId(), orderId, status, amount, createdAt: deps.now().toISOString(), fingerprint };
    if (!(await deps.ledger.add(charge))) return answered((await deps.ledger.find(orderId)) as Charge, fingerprint);

    if (paymentToken === 'tok_lost_reply') deps.dropConnection();
    return charge;
  };

/** A charge that was called off before it came has no fingerprint: it is an answer to any request. */
function answered(charge: Charge, fingerprint: string): Charge {
  if (charge.fingerprint !== undefined && charge.fingerprint !== fingerprint) throw apiError(route, 'KEY_REUSED');
  return charge;
}
