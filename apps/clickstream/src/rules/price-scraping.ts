import type { RuleData } from './rule-data.ts';

export const priceScraping: RuleData = {
  ...{ id: 'price-scraping', version: 1, severity: 'warning' },
  description: 'A session looks at more products, and faster, than people do.',
  key: ['sessionId'],
  window: { kind: 'sliding', size: 300_000, every: 10_000 },
  condition: { kind: 'velocity', of: { types: ['product.viewed'] }, measure: { different: 'productId' }, atLeast: 60, perMinute: 40 },
  ...{ coolDownMs: 3_600_000, evidence: 10 },
};
