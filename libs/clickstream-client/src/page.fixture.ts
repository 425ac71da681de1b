import { createTracker, type TrackerOptions } from './tracker.ts';
import type { World } from './world.ts';

type Request = Parameters<World['fetch']>[1];
interface Sent {
  readonly events: readonly { readonly id: string; readonly type: string; readonly sessionId: string; readonly productId: string }[];
}

/** A page whose clock, network and end are in the hands of a test. */
export function fakePage(options: Partial<TrackerOptions> = {}) {
  let now = Date.parse('2026-11-02T09:30:00.000Z');
  let seed = 1;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const requests: Request[] = [];
  const beacons: string[] = [];
  const answers: (number | Promise<number>)[] = [];
  const kept = new Map<string, string>();
  let hide = () => {};
  let room = Infinity;
  const tracker = createTracker({
    endpoint: '/clickstream/events',
    fetch: async (_address, request) => {
      requests.push(request);
      return { status: await (answers.shift() ?? 202) };
    },
    sendBeacon: (_address, json) => {
      if (json.length > room) return false;
      room -= json.length;
      beacons.push(json);
      return true;
    },
    now: () => now,
    random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
    storage: { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) },
    later: (run, milliseconds) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    onHide: (run) => (hide = run),
    optedOut: false,
    ...options,
  });
  const settled = () => new Promise((done) => setImmediate(done));
  return {
    ...{ tracker, requests, beacons, answers, kept, settled },
    hide: () => hide(),
    /** Bytes that the browser still takes of what outlives the page. */
    leaveRoom: (bytes: number) => (room = bytes),
    view: (...numbers: number[]) => numbers.forEach((number) => tracker.track('product.viewed', { productId: `p-${number}` })),
    async pass(milliseconds: number) {
      now += milliseconds;
      for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.run();
      await settled();
    },
    sent: () => requests.map(({ body }) => (JSON.parse(body) as Sent).events),
    beaconed: () => beacons.map((json) => (JSON.parse(json) as Sent).events),
  };
}

/** The products of events. */
export const products = (events: Sent['events'] | undefined) => events?.map(({ productId }) => Number(productId.slice(2)));
