import type { RuleData } from './rule-data.ts';

export const stockHoarding: RuleData = {
  ...{ id: 'stock-hoarding', version: 1, severity: 'warning' },
  description: 'A session puts more into its basket than a household needs.',
  key: ['sessionId'],
  window: { kind: 'sliding', size: 600_000, every: 10_000 },
  condition: { kind: 'threshold', of: { types: ['basket.added'] }, measure: { sum: 'quantity' }, atLeast: 200 },
  ...{ coolDownMs: 3_600_000, evidence: 10 },
};
