import * as z from 'zod/mini';
import { id, instant, money, page } from '../common.ts';
import { defineApi } from '../define-api.ts';

const count = z.int().check(z.nonnegative());
const milliseconds = z.number().check(z.nonnegative());

export const clickstreamApi = defineApi({
  service: 'clickstream',
  description: 'What visitors do, as it happens.',
  routes: {
    collectEvents: {
      method: 'POST',
      path: '/events',
      auth: 'public',
      // Each has an id, and counts once.
      idempotent: true,
      summary: 'Hand in what a visitor did: up to 100 events at once. The answer comes when those that are good are durable',
      body: z.object({ events: z.array(z.record(z.string(), z.unknown())).check(z.minLength(1), z.maxLength(100)) }),
      success: {
        status: 202,
        body: z.object({
          accepted: count,
          /** Those that were not, by their place, with what is wrong about them. */
          rejected: z.array(z.object({ index: count, problem: z.string() })),
        }),
      },
      example: {
        body: {
          events: [
            {
              id: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
              time: '2026-11-02T09:30:00.000Z',
              type: 'product.viewed',
              sessionId: 's-1',
              productId: 'braeburn-apple',
            },
          ],
        },
        response: { accepted: 1, rejected: [] },
      },
    },
    getLive: {
      method: 'GET',
      path: '/live',
      auth: 'public',
      summary: 'What happens in the shop now: the last five minutes, and how fresh that is',
      success: {
        status: 200,
        body: z.object({
          /** Of the newest event that is counted; absent when there was none. */
          freshness: z.object({ asOf: instant, newestEvent: z.optional(instant), lagMilliseconds: z.optional(milliseconds) }),
          /** Sessions that did something, within 0.81 %. */
          visitors: count,
          events: count,
          /** Events that came again, and were not counted again. */
          duplicates: count,
          /** Events that came more than a minute after they happened; they are counted where they belong. */
          late: count,
          funnel: z.object({ viewed: count, addedToBasket: count, ordered: count, confirmed: count }),
          /** Confirmed orders by sessions that viewed a product; 0 without any. */
          conversion: z.number(),
          topProducts: z.array(z.object({ productId: id, views: count })),
          /** Of confirmed orders, by currency. */
          revenue: z.array(money),
          /** Within 1 %; absent when none was confirmed. */
          timeToConfirm: z.optional(z.object({ p50: milliseconds, p95: milliseconds })),
          /** Of the last hour, the newest first. Who they are about, and what gave them away, is for the event alone. */
          alerts: z.optional(
            z.array(
              z.object({
                ruleId: id,
                severity: z.enum(['info', 'warning', 'critical']),
                at: instant,
              }),
            ),
          ),
        }),
      },
      example: {
        response: {
          freshness: { asOf: '2026-11-02T09:35:00.000Z', newestEvent: '2026-11-02T09:34:59.200Z', lagMilliseconds: 800 },
          visitors: 812,
          events: 9120,
          duplicates: 41,
          late: 17,
          funnel: { viewed: 700, addedToBasket: 212, ordered: 61, confirmed: 58 },
          conversion: 0.0829,
          topProducts: [{ productId: 'braeburn-apple', views: 210 }],
          revenue: [{ amount: 182_340, currency: 'EUR' }],
          timeToConfirm: { p50: 64, p95: 180 },
          alerts: [{ ruleId: 'price-scraping', severity: 'warning', at: '2026-11-02T09:35:00.000Z' }],
        },
      },
    },
    getLivePage: {
      method: 'GET',
      path: '/live-page',
      auth: 'public',
      summary: 'A page for people that shows the same, and moves',
      success: { status: 200, body: page, media: 'text/html' },
      example: { response: { html: '<!doctype html><title>Larder · Live</title>', policy: "default-src 'none'" } },
    },
  },
});
