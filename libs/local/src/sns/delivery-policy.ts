import { invalid, jsonOf, type Protocol, type Subscription, type Topic } from './model.ts';

/** How often, and how far apart, a delivery is tried again: four phases, one after the other. Waits are in seconds. */
export interface Retries {
  readonly immediate: number;
  readonly before: { readonly count: number; readonly wait: number };
  readonly backoff: { readonly count: number; readonly from: number; readonly to: number; readonly shape: 'line' | 'curve' };
  readonly after: { readonly count: number; readonly wait: number };
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html: 100,015 in 23 days. */
const toAws: Retries = {
  immediate: 3,
  before: { count: 2, wait: 1 },
  backoff: { count: 10, from: 1, to: 20, shape: 'curve' },
  after: { count: 100_000, wait: 20 },
};
/** 50 in 6 hours. */
const toMail: Retries = {
  immediate: 0,
  before: { count: 2, wait: 10 },
  backoff: { count: 10, from: 10, to: 600, shape: 'curve' },
  after: { count: 38, wait: 600 },
};
const http = { numRetries: 3, minDelayTarget: 20, maxDelayTarget: 20, backoffFunction: 'linear' } as const;
const longestHttpSeconds = 3_600;

/** What a subscription's deliveries are tried again by. Only HTTP has a policy that can be set: on the subscription, or for all of a topic. */
export function retriesOf({ protocol, attributes }: Subscription, topic: Pick<Topic, 'attributes'>): Retries {
  if (protocol === 'sqs' || protocol === 'lambda') return toAws;
  if (!isHttp(protocol)) return toMail;
  const own = attributes['DeliveryPolicy'];
  if (own) return parseDeliveryPolicy(own, 'subscription');
  return parseDeliveryPolicy(topic.attributes['DeliveryPolicy'] ?? '{}', 'topic');
}

/**
 * Milliseconds to wait before another try; undefined when there were enough.
 *
 * AWS names the functions of the backoff without their formulas: here they are a straight line, and a curve whose steps have one ratio.
 *
 * @param retries so far, after the first attempt.
 */
export function waitBefore({ immediate, before, backoff, after }: Retries, retries: number): number | undefined {
  let step = retries - immediate;
  if (step < 0) return 0;
  if (step < before.count) return before.wait * 1000;
  step -= before.count;
  if (step < backoff.count) {
    const { from, to, shape } = backoff;
    const part = backoff.count === 1 ? 1 : step / (backoff.count - 1);
    return Math.round(1000 * (shape === 'line' ? from + (to - from) * part : from * (to / from) ** part));
  }
  step -= backoff.count;
  return step < after.count ? after.wait * 1000 : undefined;
}

/** @throws {AwsError} `InvalidParameter` for a policy that tries for more than an hour, or contradicts itself. */
export function parseDeliveryPolicy(text: string, of: 'topic' | 'subscription'): Retries {
  const policy = jsonOf('DeliveryPolicy', text) as { http?: { defaultHealthyRetryPolicy?: object }; healthyRetryPolicy?: object };
  const given = { ...http, ...((of === 'topic' ? policy.http?.defaultHealthyRetryPolicy : policy.healthyRetryPolicy) ?? {}) };
  const number = (name: string, otherwise: number): number => {
    const value = Number((given as Record<string, unknown>)[name] ?? otherwise);
    if (Number.isInteger(value) && value >= 0) return value;
    throw invalid(`DeliveryPolicy: ${name} must be a whole number`);
  };
  const [total, from, to] = [number('numRetries', 3), number('minDelayTarget', 20), number('maxDelayTarget', 20)];
  const [immediate, first, last] = ['numNoDelayRetries', 'numMinDelayRetries', 'numMaxDelayRetries'].map((name) => number(name, 0)) as [
    number,
    number,
    number,
  ];
  if (total > 100 || from < 1 || from > to || to > longestHttpSeconds || immediate + first + last > total)
    throw invalid(
      'DeliveryPolicy: healthyRetryPolicy has at most 100 retries, of which the phases are parts, and 1 <= minDelayTarget <= maxDelayTarget',
    );
  const shape = ['linear', 'arithmetic'].includes(given.backoffFunction) ? 'line' : 'curve';
  const retries: Retries = {
    immediate,
    before: { count: first, wait: from },
    backoff: { count: total - immediate - first - last, from, to, shape },
    after: { count: last, wait: to },
  };
  const seconds = Array.from({ length: total }, (_, index) => (waitBefore(retries, index) ?? 0) / 1000).reduce(
    (sum, wait) => sum + wait,
    0,
  );
  if (seconds > longestHttpSeconds)
    throw invalid(`DeliveryPolicy: it takes ${Math.round(seconds)} seconds, and at most ${longestHttpSeconds} are allowed`);
  return retries;
}

export function isHttp(protocol: Protocol): protocol is 'http' | 'https' {
  return protocol === 'http' || protocol === 'https';
}
