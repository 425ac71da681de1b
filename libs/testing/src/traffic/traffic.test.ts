import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { shipments } from './shipments.ts';
import { randomOf, visitors } from './visitors.ts';

const products = Array.from({ length: 100 }, (_, at) => `product-${at}`);
const take = (seed: number, count: number) => {
  const visits = visitors(products, randomOf(seed));
  return Array.from({ length: count }, () => visits.next().value);
};

describe('visitors', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(take(7, 500)).toEqual(take(7, 500));
    expect(take(8, 500)).not.toEqual(take(7, 500));
  });

  it('look at few products much more often than at most', () => {
    const views = take(7, 20_000).flatMap(({ type, productId }) =>
      type === 'product.viewed' && productId !== undefined ? [productId] : [],
    );
    const of = (productId: string) => views.filter((viewed) => viewed === productId).length;
    expect(of('product-0')).toBeGreaterThan(5 * of('product-50'));
    const baskets = take(7, 20_000).filter(({ type }) => type === 'basket.added').length;
    expect([baskets > 0, baskets < views.length / 2]).toEqual([true, true]);
  });
});

describe('what they send', () => {
  const now = Date.parse('2026-11-02T09:30:00.000Z');
  const random = randomOf(7);
  let ids = 0;
  const { sent, next } = shipments(random, () => `e-${(ids += 1)}`);
  const visits = visitors(products, random);
  const all = Array.from({ length: 20_000 }, () => next(() => visits.next().value, now));

  it('is good, but for what is said to be none', () => {
    const good = all.filter((event) => 'event' in pageEvents.check(event));
    expect(good).toHaveLength(sent.unique + sent.duplicates);
    expect(all).toHaveLength(sent.unique + sent.duplicates + sent.malformed);
    expect(new Set(good.map(({ id }) => id)).size).toBe(sent.unique);
  });

  it('comes twice, late, or broken about as often as it should', () => {
    const share = (count: number) => Math.round((count / sent.sent) * 100);
    expect([share(sent.duplicates), share(sent.late), share(sent.malformed)]).toEqual([5, 2, 1]);
    const old = all.filter((event) => now - Date.parse(String(event['time'])) > 60_000);
    expect(new Set(old.map(({ id }) => id)).size).toBe(sent.late);
  });
});
