import type { RuleData } from './rule-data.ts';

export const couponAbuse: RuleData = {
  ...{ id: 'coupon-abuse', version: 1, severity: 'warning' },
  description: 'A session tries one coupon after the other.',
  key: ['sessionId'],
  window: { kind: 'sliding', size: 600_000, every: 10_000 },
  condition: { kind: 'threshold', of: { types: ['coupon.tried'] }, measure: { different: 'code' }, atLeast: 10 },
  ...{ coolDownMs: 3_600_000, evidence: 10 },
};
