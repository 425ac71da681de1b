import type { RouteOutput } from '@larder/contracts';
import type { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { addTo, emptyMinute, fromKept, type KeptMinute } from '../minute.ts';

type Live = RouteOutput<typeof clickstreamApi.routes.getLive>;

export interface GetLiveDeps {
  /** The last minutes, as all shards tell them. */
  minutes(now: Date): Promise<readonly KeptMinute[]>;
  /** The newest of the last hour. */
  alerts(now: Date): Promise<NonNullable<Live['alerts']>>;
  now(): Date;
}

const mostProducts = 10;

/** Adds up what the shards have counted in the last minutes. */
export const getLive = (deps: GetLiveDeps) => async (): Promise<Live> => {
  const now = deps.now();
  const sum = emptyMinute();
  const [minutes, alerts] = await Promise.all([deps.minutes(now), deps.alerts(now)]);
  for (const kept of minutes) addTo(sum, fromKept(kept));
  const viewed = sum.viewers.count();
  const lagMilliseconds = Math.max(0, now.getTime() - Date.parse(sum.newest));
  const top = [...sum.views].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, mostProducts);
  const [p50, p95] = [0.5, 0.95].map((quantile) => sum.confirmations.at(quantile));
  return {
    freshness: { asOf: now.toISOString(), ...(sum.newest !== '' && { newestEvent: sum.newest, lagMilliseconds }) },
    visitors: sum.visitors.count(),
    events: sum.events,
    duplicates: sum.duplicates,
    late: sum.late,
    funnel: { viewed, addedToBasket: sum.baskets.count(), ordered: sum.ordered, confirmed: sum.confirmed },
    conversion: viewed === 0 ? 0 : sum.confirmed / viewed,
    topProducts: top.map(([productId, views]) => ({ productId, views })),
    revenue: [...sum.revenue].map(([currency, amount]) => ({ amount, currency })),
    ...(p50 !== undefined && p95 !== undefined && { timeToConfirm: { p50: Math.round(p50), p95: Math.round(p95) } }),
    alerts,
  };
};
