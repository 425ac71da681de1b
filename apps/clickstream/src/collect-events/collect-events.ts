import type { RouteInput, RouteOutput, StreamEvent } from '@larder/contracts';
import type { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { pageEvents } from '@larder/contracts/clickstream/page-events';

type Route = typeof clickstreamApi.routes.collectEvents;
type PageEvent = StreamEvent<(typeof pageEvents)['records']>;

export interface CollectEventsDeps {
  /** Resolves when all are durable. */
  produce(events: readonly PageEvent[]): Promise<void>;
  now(): Date;
}

/** What a browser may say. Of orders the bus tells, and nobody else. */
const fromPages: ReadonlySet<string> = new Set(['page.viewed', 'search.made', 'product.viewed', 'basket.added', 'coupon.tried']);

/** Clocks of visitors are wrong by hours, and pages wait in a pocket for days; what is further off is no time. */
const aheadAtMost = 24 * 60 * 60 * 1000;
const behindAtMost = 7 * aheadAtMost;

/** Takes what visitors did: each event by itself, so that one which is wrong costs no other. */
export const collectEvents =
  (deps: CollectEventsDeps) =>
  async ({ body }: Pick<RouteInput<Route>, 'body'>): Promise<RouteOutput<Route>> => {
    const accepted: PageEvent[] = [];
    const rejected: { index: number; problem: string }[] = [];
    const now = deps.now().getTime();
    for (const [index, event] of body.events.entries()) {
      const checked = check(event, now);
      if ('problem' in checked) rejected.push({ index, problem: checked.problem });
      else accepted.push(checked.event);
    }
    if (accepted.length > 0) await deps.produce(accepted);
    return { accepted: accepted.length, rejected };
  };

function check(event: unknown, now: number): ReturnType<typeof pageEvents.check> {
  const checked = pageEvents.check(event);
  if ('problem' in checked) return checked;
  if (!fromPages.has(checked.event.type)) return { problem: 'is nothing that a page may say' };
  const ahead = Date.parse(checked.event.time) - now;
  return ahead > aheadAtMost || -ahead > behindAtMost ? { problem: 'time: is too far from now' } : checked;
}
