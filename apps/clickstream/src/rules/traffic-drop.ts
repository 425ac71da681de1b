import type { RuleData } from './rule-data.ts';

export const trafficDrop: RuleData = {
  ...{ id: 'traffic-drop', version: 1, severity: 'critical' },
  description: 'Visitors do much less than in the minutes before: something may be broken.',
  key: [],
  window: { kind: 'tumbling', size: 60_000 },
  condition: { kind: 'ratio', of: { types: ['page.viewed', 'product.viewed'] }, measure: 'events', windows: 5, usual: 100, below: 0.4 },
  ...{ coolDownMs: 900_000, evidence: 10 },
};
