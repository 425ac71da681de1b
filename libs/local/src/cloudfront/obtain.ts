import type { Readable } from 'node:stream';
import type { Kernel } from '../kernel/kernel.ts';
import { LARGEST_ENTRY, type Cache, type Entry } from './cache.ts';
import { collect } from './collect.ts';
import { OriginFailure, type Headers, type OriginFetch, type OriginReply, type OriginRequest } from './fetch-origin.ts';
import { forward, forwardsCookies, type Forwarded } from './forward.ts';
import { freshness } from './freshness.ts';
import type { Behaviour, Distribution, Origin } from './model.ts';
import { errorPage, storable } from './reply-headers.ts';
import { toOriginRequest } from './origin-request.ts';
import type { ViewerRequest } from './viewer.ts';

/** An answer from the cache, whole, or from the origin, as it comes. */
export interface Obtained {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | Readable;
  readonly result: 'Hit' | 'Miss' | 'RefreshHit';
  /** Seconds since the origin gave it; undefined when it just has. */
  readonly age: number | undefined;
}

/** What the requests that were held back get: an answer, or the news that each has to ask for itself. */
type Outcome = Entry | 'alone' | 'failed';

interface Flight {
  followers: number;
  readonly outcome: Promise<Outcome>;
}

interface Ask {
  readonly distribution: Distribution;
  readonly behaviour: Behaviour;
  readonly viewer: ViewerRequest;
  readonly body: Readable | undefined;
}

/**
 * Gets the answer to a request: from the cache, from a request that is under way for the same, or from the origin.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export function createObtain(kernel: Kernel, cache: Cache, origins: OriginFetch): (ask: Ask) => Promise<Obtained> {
  const flights = new Map<string, Flight>();

  const notice = ({ service }: Distribution, message: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', service, message });

  const fetchFrom = async ({ distribution, viewer }: Ask, origin: Origin, request: OriginRequest): Promise<OriginReply> => {
    try {
      return await origins.fetch(distribution, origin, request);
    } catch (error) {
      if (!(error instanceof OriginFailure)) throw error;
      notice(distribution, `${viewer.method} ${distribution.name}.localhost${viewer.uri}: the origin failed: ${error.message}`);
      return errorPage(error.status, 'CloudFront could not get an answer from the origin.');
    }
  };

  const hit = (entry: Entry, result: Obtained['result'] = 'Hit'): Obtained => {
    const { status, headers, body, storedAt } = entry;
    return { status, headers, body, result, age: result === 'Hit' ? Math.max(0, Math.floor((kernel.now() - storedAt) / 1000)) : undefined };
  };

  /** Asks the origin, and keeps what may be kept. `settle` is told what others may have of it. */
  const ask = async (
    asked: Ask,
    { key, forwarded, stale, flight }: { key: string; forwarded: Forwarded; stale: Entry | undefined; flight: Flight | undefined },
    settle: (outcome: Outcome) => void,
  ): Promise<Obtained> => {
    const { distribution, behaviour } = asked;
    const { cachePolicy } = behaviour;
    const origin = distribution.origins.get(behaviour.originId) as Origin;
    const errorTtlOf = (status: number): number => distribution.errors.get(status)?.minTtl ?? 10;
    const since = cache.invalidations();
    const reply = await fetchFrom(asked, origin, toOriginRequest(asked, forwarded, stale?.headers));
    const now = kernel.now();
    const keep = (entry: Entry): Entry => {
      cache.put(key, entry, since);
      settle(entry);
      return entry;
    };

    if (stale && reply.status === 304) {
      reply.body.resume();
      const { 'content-length': _, ...told } = storable(reply.headers, behaviour, forwarded);
      const headers = { ...stale.headers, ...told };
      const fresh = freshness(stale.status, headers, cachePolicy, 0, now);
      return hit(keep({ ...stale, headers, storedAt: now, freshUntil: now + fresh.ms, staleIfError: fresh.staleIfError }), 'RefreshHit');
    }
    if (stale?.staleIfError && reply.status >= 500) {
      reply.body.resume();
      return hit(keep({ ...stale, freshUntil: now + errorTtlOf(reply.status) * 1000 }));
    }
    const headers = storable(reply.headers, behaviour, forwarded);
    const { status } = reply;
    const { keep: isKept, ms, staleIfError } = freshness(status, headers, cachePolicy, errorTtlOf(status), now);
    if (!isKept || Number(headers['content-length'] ?? 0) > LARGEST_ENTRY) {
      settle('alone');
      return { status, headers, body: reply.body, result: 'Miss', age: undefined };
    }
    const { body, whole } = collect(reply.body, cache, () => (flight?.followers ?? 0) > 0);
    void whole.then((collected) => {
      if (typeof collected === 'string') return settle(collected === 'failed' ? 'failed' : 'alone');
      const { path } = forwarded;
      keep({ distributionId: distribution.id, path, status, headers, body: collected, storedAt: now, freshUntil: now + ms, staleIfError });
    });
    return { status, headers, body, result: 'Miss', age: undefined };
  };

  /** Asks the origin in the name of everybody who asks for the same meanwhile. */
  const lead = async (
    asked: Ask,
    flightKey: string,
    found: { key: string; forwarded: Forwarded; stale: Entry | undefined },
  ): Promise<Obtained> => {
    const settled = Promise.withResolvers<Outcome>();
    const flight: Flight = { followers: 0, outcome: settled.promise };
    flights.set(flightKey, flight);
    const settle = (outcome: Outcome): void => {
      if (flights.get(flightKey) === flight) flights.delete(flightKey);
      settled.resolve(outcome);
    };
    try {
      return await ask(asked, { ...found, flight }, settle);
    } catch (error) {
      settle('failed');
      throw error;
    }
  };

  return async (asked) => {
    const { distribution, behaviour, viewer } = asked;
    const forwarded = forward(viewer, behaviour);
    const { method } = viewer;
    const mayKeep = method === 'GET' || method === 'HEAD' || (method === 'OPTIONS' && behaviour.cachesOptions);
    if (!mayKeep) {
      const origin = distribution.origins.get(behaviour.originId) as Origin;
      const reply = await fetchFrom(asked, origin, toOriginRequest(asked, forwarded, undefined));
      const headers = storable(reply.headers, behaviour, forwarded);
      return { status: reply.status, headers, body: reply.body, result: 'Miss', age: undefined };
    }
    const keyOf = (of: string): string => `${distribution.id}\n${of}\n${forwarded.key}`;
    const key = keyOf(method);
    // What is known of a GET answers a HEAD, too.
    const known = (method === 'HEAD' ? cache.get(keyOf('GET')) : undefined) ?? cache.get(key);
    if (known && known.freshUntil > kernel.now()) return hit(known);

    const found = { key, forwarded, stale: known?.status === 200 ? known : undefined };
    const direct = (): Promise<Obtained> => ask(asked, { ...found, flight: undefined }, () => {});
    if (behaviour.cachePolicy.maxTtl === 0 || forwardsCookies(behaviour)) return direct();
    const flightKey = `${key}\n${viewer.headers['range']?.join() ?? ''}`;
    const flight = flights.get(flightKey);
    if (!flight) return lead(asked, flightKey, found);
    flight.followers += 1;
    const outcome = await flight.outcome;
    if (outcome === 'failed') {
      const page = errorPage(502, 'CloudFront lost the connection to the origin.');
      return { ...page, result: 'Miss', age: undefined };
    }
    return outcome === 'alone' ? direct() : hit(outcome);
  };
}
