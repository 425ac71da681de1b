/** What a page would send; `time` is left to who sends it. */
export interface Action {
  readonly type: 'page.viewed' | 'search.made' | 'product.viewed' | 'basket.added' | 'coupon.tried';
  readonly sessionId: string;
  readonly page?: string;
  readonly words?: string;
  readonly productId?: string;
  readonly quantity?: number;
  readonly code?: string;
}

/** Numbers in [0, 1) that depend on the seed alone. Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How likely a visitor is to go on to the next step. */
const goesOn = { search: 0.35, view: 0.8, basket: 0.3, again: 0.65 };

/** Visitors at once; one who leaves is followed by another. */
const atOnce = 200;

/**
 * Visitors of the shop, one action after the other. Few products are looked at by many and most by hardly anybody (1 / rank); some visitors search, most look, some put something into their basket,
 * and one in fifty is a robot that looks at one product after the other.
 *
 * @param products the most popular first.
 */
export function* visitors(products: readonly string[], random: () => number): Generator<Action, never> {
  const total = products.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
  const popular = (): string => {
    let rest = random() * total;
    const rank = products.findIndex((_, place) => (rest -= 1 / (place + 1)) <= 0);
    return products[Math.max(0, rank)] ?? 'nothing';
  };
  let number = 0;
  const arrive = (): Generator<Action, void> => {
    const sessionId = `v-${Math.floor(random() * 2 ** 32).toString(36)}-${(number += 1)}`;
    return random() < 0.02 ? robot(sessionId, products) : visit(sessionId, popular, random);
  };
  const present = Array.from({ length: atOnce }, arrive);
  for (;;) {
    const place = Math.floor(random() * atOnce);
    const next = present[place]?.next();
    if (next === undefined || next.done) present[place] = arrive();
    else yield next.value;
  }
}

function* visit(sessionId: string, popular: () => string, random: () => number): Generator<Action, void> {
  yield { type: 'page.viewed', sessionId, page: '/' };
  do {
    if (random() < goesOn.search) yield { type: 'search.made', sessionId, words: popular().split('-')[0] ?? 'bread' };
    else yield { type: 'page.viewed', sessionId, page: '/products' };
    if (random() >= goesOn.view) return;
    const productId = popular();
    yield { type: 'product.viewed', sessionId, productId };
    if (random() < goesOn.basket) yield { type: 'basket.added', sessionId, productId, quantity: 1 + Math.floor(random() * 3) };
  } while (random() < goesOn.again);
}

function* robot(sessionId: string, products: readonly string[]): Generator<Action, void> {
  for (const productId of products) yield { type: 'product.viewed', sessionId, productId };
}
