import type { Action } from './visitors.ts';

/** What visitors do that they should not, by its name. */
export const misbehaviours = {
  /** Looks at all products, one after the other, without a pause. */
  scraper: (sessionId, products, number): Action => ({
    type: 'product.viewed',
    sessionId,
    productId: products[number % products.length] ?? 'nothing',
  }),
  /** Puts a hundred of each into the basket. */
  hoarder: (sessionId, products, number): Action => ({
    ...{ type: 'basket.added', sessionId, productId: products[number % products.length] ?? 'nothing', quantity: 100 },
  }),
  /** Tries one coupon after the other. */
  coupons: (sessionId, _, number): Action => ({ type: 'coupon.tried', sessionId, code: `TRY${number}` }),
} as const satisfies Readonly<Record<string, (sessionId: string, products: readonly string[], number: number) => Action>>;

export type Misbehaviour = keyof typeof misbehaviours;

/** So many of all actions are theirs. */
const share = 0.25;

/** Visitors among whom some misbehave: one session of each kind. */
export function* misbehaving(
  visits: Generator<Action, never>,
  kinds: readonly Misbehaviour[],
  products: readonly string[],
  random: () => number,
): Generator<Action, never> {
  const sessions = kinds.map((kind) => ({ kind, sessionId: `${kind}-${Math.floor(random() * 2 ** 32).toString(36)}`, number: 0 }));
  for (;;) {
    const one = random() < share ? sessions[Math.floor(random() * sessions.length)] : undefined;
    yield one ? misbehaviours[one.kind](one.sessionId, products, (one.number += 1)) : visits.next().value;
  }
}
