import * as z from 'zod/mini';
import { id, instant } from '../common.ts';
import { defineEvent } from '../define-event.ts';

const number = z.number().check(z.nonnegative());

export const alertRaised = defineEvent({
  type: 'clickstream.AlertRaised.v1',
  description: 'Somebody, or the shop as a whole, did what a rule looks for. The same find has the same `alertId`, and is said once.',
  data: z.object({
    alertId: id,
    ruleId: id,
    ruleVersion: z.int().check(z.gte(1)),
    severity: z.enum(['info', 'warning', 'critical']),
    description: z.string().check(z.maxLength(500)),
    /** Who: a session, say. Empty when it is about the shop. */
    key: z.record(z.string(), z.string()),
    window: z.object({ from: instant, to: instant }),
    measured: number,
    /** What the rule allows. */
    limit: number,
    /** What the windows before had on average, of rules that compare. */
    usual: z.optional(number),
    perMinute: z.optional(number),
    events: z.int().check(z.nonnegative()),
    evidence: z.array(z.object({ eventId: id, type: z.string(), time: instant })).check(z.maxLength(50)),
  }),
  subject: (data) => data.alertId,
  example: {
    ...{ alertId: '6f1c5c6e0a3c4a539f0e0d1c6d3c9f10', ruleId: 'price-scraping', ruleVersion: 1, severity: 'warning' },
    description: 'A session looks at more products, and faster, than people do.',
    key: { sessionId: 's-1' },
    window: { from: '2026-11-02T09:30:00.000Z', to: '2026-11-02T09:35:00.000Z' },
    ...{ measured: 60, limit: 60, perMinute: 240, events: 71 },
    evidence: [{ eventId: '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', type: 'product.viewed', time: '2026-11-02T09:34:59.000Z' }],
  },
});
