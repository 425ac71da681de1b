import type { RouteOutput } from '@larder/contracts';
import type { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';

/** What the page shows, by the ids of its elements; and lists of what has a bar. */
export interface Texts {
  readonly texts: Readonly<Record<string, string>>;
  /** `part` of the longest bar, from 0 to 1. */
  readonly bars: Readonly<
    Record<'funnel' | 'products' | 'alerts', readonly { readonly name: string; readonly text: string; readonly part: number }[]>
  >;
  /** A sentence for those who do not see the numbers move. */
  readonly summary: string;
}

/**
 * Puts what the service answers into words.
 *
 * The page gets this function as its source text: everything that it uses must stand in it.
 */
export function toTexts(live: RouteOutput<typeof clickstreamApi.routes.getLive>): Texts {
  const count = (number: number) => new Intl.NumberFormat('en').format(number);
  const time = (milliseconds: number) => {
    if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
    if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
    return `${count(Math.floor(milliseconds / 60_000))} min`;
  };
  const money = ({ amount, currency }: { readonly amount: number; readonly currency: string }) => {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    // Amounts are in the smallest unit, which is not a hundredth everywhere.
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  };
  const bars = (counts: readonly (readonly [name: string, number: number])[]) => {
    const most = Math.max(1, ...counts.map(([, number]) => number));
    return counts.map(([name, number]) => ({ name, text: count(number), part: number / most }));
  };
  const { freshness, funnel, timeToConfirm } = live;
  const revenue = live.revenue.map(money).join(' · ') || '–';
  const conversion = `${(100 * live.conversion).toFixed(1)} %`;
  return {
    texts: {
      visitors: count(live.visitors),
      events: count(live.events),
      conversion,
      revenue,
      p50: timeToConfirm ? time(timeToConfirm.p50) : '–',
      p95: timeToConfirm ? time(timeToConfirm.p95) : '–',
      again: `${count(live.duplicates)} came twice and count once, ${count(live.late)} came late`,
      freshness: freshness.lagMilliseconds === undefined ? 'Nothing has happened' : `Newest event ${time(freshness.lagMilliseconds)} ago`,
    },
    bars: {
      funnel: bars([
        ['Viewed a product', funnel.viewed],
        ['Filled a basket', funnel.addedToBasket],
        ['Ordered', funnel.ordered],
        ['Confirmed', funnel.confirmed],
      ]),
      alerts: (live.alerts ?? []).map(({ ruleId, severity, at }) => ({
        name: ruleId.replaceAll('-', ' '),
        text: `${at.slice(11, 16)} UTC`,
        part: { info: 0.3, warning: 0.6, critical: 1 }[severity],
      })),
      products: bars(live.topProducts.map(({ productId, views }) => [productId, views] as const)),
    },
    summary: `${count(live.visitors)} visitors, ${count(funnel.confirmed)} orders confirmed, revenue ${revenue}, conversion ${conversion}.`,
  };
}
