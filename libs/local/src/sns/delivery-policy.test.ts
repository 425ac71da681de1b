import { parseDeliveryPolicy, retriesOf, waitBefore, type Retries } from './delivery-policy.ts';
import type { Subscription } from './model.ts';

const topic = { attributes: {} };
const subscription = (protocol: Subscription['protocol']): Subscription => ({
  arn: '',
  topicArn: '',
  protocol,
  endpoint: '',
  attributes: {},
});
const waits = (retries: Retries): number[] => {
  const all: number[] = [];
  for (let wait = waitBefore(retries, 0); wait !== undefined; wait = waitBefore(retries, all.length)) all.push(wait);
  return all;
};

test('a queue and a function are tried 100,015 times more, in 23 days', () => {
  const all = waits(retriesOf(subscription('sqs'), topic));
  expect(all).toHaveLength(100_015);
  expect(all.slice(0, 6)).toEqual([0, 0, 0, 1000, 1000, 1000]);
  expect(all[14]).toBe(20_000);
  expect(Math.floor(all.reduce((sum, wait) => sum + wait, 0) / 86_400_000)).toBe(23);
  expect(waits(retriesOf(subscription('lambda'), topic))).toEqual(all);
});

test('a mailbox is tried 50 times more, within seven hours', () => {
  const all = waits(retriesOf(subscription('email'), topic));
  expect(all).toHaveLength(50);
  expect(all.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeLessThan(7.5);
});

test('an HTTP endpoint is tried three times more, unless its subscription or its topic says otherwise', () => {
  expect(waits(retriesOf(subscription('http'), topic))).toEqual([20_000, 20_000, 20_000]);
  const policy = {
    numRetries: 5,
    numNoDelayRetries: 1,
    numMaxDelayRetries: 1,
    minDelayTarget: 1,
    maxDelayTarget: 3,
    backoffFunction: 'linear',
  };
  const DeliveryPolicy = JSON.stringify({ http: { defaultHealthyRetryPolicy: policy } });
  expect(waits(retriesOf(subscription('https'), { attributes: { DeliveryPolicy } }))).toEqual([0, 1000, 2000, 3000, 3000]);
  const own = { ...subscription('http'), attributes: { DeliveryPolicy: JSON.stringify({ healthyRetryPolicy: { numRetries: 0 } }) } };
  expect(waits(retriesOf(own, { attributes: { DeliveryPolicy } }))).toEqual([]);
});

test.each([
  ['tries for more than an hour', { numRetries: 100, minDelayTarget: 60, maxDelayTarget: 60 }],
  ['waits longer at first than at last', { minDelayTarget: 30, maxDelayTarget: 20 }],
  ['has more in its phases than in all', { numRetries: 1, numNoDelayRetries: 2 }],
  ['counts in halves', { numRetries: 1.5 }],
])('a policy that %s is refused', (_, healthyRetryPolicy) => {
  expect(() => parseDeliveryPolicy(JSON.stringify({ healthyRetryPolicy }), 'subscription')).toThrow(
    expect.objectContaining({ code: 'InvalidParameter' }),
  );
});
