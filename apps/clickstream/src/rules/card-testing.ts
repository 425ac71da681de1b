import type { RuleData } from './rule-data.ts';

/** No event says whose card it was (ADR 9): what can be seen is that many payments are declined in a short time. */
export const cardTesting: RuleData = {
  ...{ id: 'card-testing', version: 1, severity: 'critical' },
  description: 'Many payments are declined in a short time: somebody may be trying cards.',
  key: [],
  window: { kind: 'sliding', size: 300_000, every: 60_000 },
  condition: { kind: 'threshold', of: { types: ['payment.declined'] }, measure: 'events', atLeast: 20 },
  ...{ coolDownMs: 900_000, evidence: 20 },
};
