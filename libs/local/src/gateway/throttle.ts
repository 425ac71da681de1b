import type { Stage, Throttle } from './model.ts';

export interface Buckets {
  /** Takes a token for a route; false when there is none. */
  take(routeKey: string): boolean;
}

/**
 * Token buckets of a stage: a route with settings of its own has its own bucket, the others share one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function createBuckets(stage: Stage, now: () => number): Buckets {
  const shared = bucket(stage.standard, now);
  const own = new Map([...stage.byRoute].map(([key, throttle]) => [key, bucket(throttle, now)]));
  return { take: (routeKey) => (own.get(routeKey) ?? shared)() };
}

function bucket({ rate, burst }: Throttle, now: () => number): () => boolean {
  if (rate === undefined && burst === undefined) return () => true;
  const perMs = (rate ?? 10_000) / 1000;
  const size = burst ?? 5_000;
  let tokens = size;
  let filled = now();
  return () => {
    const time = now();
    tokens = Math.min(size, tokens + Math.max(0, time - filled) * perMs);
    filled = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
