import type { PageEvents } from './events.ts';
import { toSession } from './session.ts';
import { ulid } from './ulid.ts';
import { browserWorld, type World } from './world.ts';

/** What is needed of the page is the browser's, unless it is handed in. */
export interface TrackerOptions extends Partial<World> {
  /** `https://api.example.com/clickstream/events`, or without the host where it is the page's own. */
  readonly endpoint: string;
  /** Absent: one that is made up, and kept for the visit. */
  readonly sessionId?: string | undefined;
  /** Milliseconds that an event waits for others. Absent: 5,000. */
  readonly flushAfter?: number | undefined;
  /** Events that are kept while none can be sent. Absent: 1,000. */
  readonly most?: number | undefined;
  /** Also where the browser says that a visitor wants not to be followed. Absent: then nothing is sent, nor kept. */
  readonly evenIfOptedOut?: boolean | undefined;
}

export interface Tracker {
  track<Type extends keyof PageEvents>(type: Type, properties: PageEvents[Type]): void;
  /** Sends what waits, without waiting for more. Resolves when it was tried once; it never rejects. */
  flush(): Promise<void>;
  /** Events that were given up: the oldest where there were too many, and those of requests that the service refused. */
  readonly dropped: number;
}

/** What the contract takes at once. */
const mostEvents = 100;
/** Of what outlives a page a browser takes 64 KiB. */
const mostBytes = 60_000;
/** The contract's longest text. */
const longest = 200;
/** Well within the minute in which what comes again is recognised. */
const longestPause = 30_000;
const patience = 10_000;

/**
 * Tells the shop what a visitor does. Events are sent in batches, and again under the same ids until there is an answer: they count once.
 *
 * @throws {TypeError} for a `sessionId` that the service would not take.
 */
export function createTracker(options: TrackerOptions): Tracker {
  const { endpoint, sessionId, flushAfter = 5000, most = 1000, evenIfOptedOut, ...given } = options;
  const world: World = { ...browserWorld(), ...given };
  if (world.optedOut && !evenIfOptedOut) return { track() {}, flush: async () => {}, dropped: 0 };

  const session = toSession(world, sessionId);
  const encoder = new TextEncoder();
  /** As JSON. */
  let waiting: string[] = [];
  let flying: string[] = [];
  /** Whether what is flying arrives without the page. */
  let kept = false;
  let failures = 0;
  let dropped = 0;
  let callOff: (() => void) | undefined;

  const plan = (milliseconds: number): void => {
    callOff?.();
    callOff = world.later(() => {
      callOff = undefined;
      if (flying.length === 0) void send(false);
    }, milliseconds);
  };
  const pause = (): number =>
    failures > 0 ? Math.min(longestPause, 1000 * 2 ** failures) * (0.5 + world.random() / 2) : waiting.length < mostEvents ? flushAfter : 0;
  const bound = (): void => {
    const over = waiting.length + flying.length - most;
    if (over > 0) dropped += waiting.splice(0, over).length;
  };
  const take = (): string[] => {
    let [events, bytes] = [0, 0];
    for (const event of waiting.slice(0, mostEvents)) {
      bytes += encoder.encode(event).length + 1;
      if (events > 0 && bytes > mostBytes) break;
      events += 1;
    }
    return waiting.splice(0, events);
  };
  const toBody = (batch: readonly string[]): string => `{"events":[${batch}]}`;

  const send = async (keepalive: boolean): Promise<void> => {
    const batch = take();
    if (batch.length === 0) return;
    [flying, kept] = [batch, keepalive];
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: toBody(batch), keepalive } as const;
    // 0 is no answer.
    const { status } = await world
      .fetch(endpoint, { ...request, credentials: 'omit', signal: AbortSignal.timeout(patience) })
      .catch(() => ({ status: 0 }));
    // It was handed over when the page was hidden.
    if (flying !== batch) return;
    flying = [];
    const again = status === 0 || status === 429 || status >= 500;
    failures = again ? failures + 1 : 0;
    if (again) waiting.unshift(...batch);
    else if (status >= 400) dropped += batch.length;
    bound();
    if (waiting.length > 0) plan(pause());
  };

  world.onHide(() => {
    // What has no answer yet may get none any more: it is sent twice rather than not at all.
    if (!kept) [waiting, flying] = [[...flying, ...waiting], []];
    while (waiting.length > 0) {
      const batch = take();
      if (world.sendBeacon(endpoint, toBody(batch))) continue;
      waiting.unshift(...batch);
      return void send(true);
    }
  });

  return {
    track(type, properties) {
      const time = world.now();
      const event = { ...properties, id: ulid(time, world.random), time: new Date(time).toISOString(), type, sessionId: session };
      waiting.push(JSON.stringify(event, (_, value: unknown) => (typeof value === 'string' ? value.slice(0, longest) : value)));
      bound();
      if (flying.length > 0) return;
      if (!callOff || (failures === 0 && waiting.length === mostEvents)) plan(pause());
    },
    flush: () => (flying.length > 0 ? Promise.resolve() : send(false)),
    get dropped() {
      return dropped;
    },
  };
}
