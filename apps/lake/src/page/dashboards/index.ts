import type { Dashboard } from './dashboard.ts';
import { deliveryHealth } from './delivery-health.ts';
import { funnel } from './funnel.ts';
import { sales } from './sales.ts';
import { stock } from './stock.ts';

/** All dashboards. A new one is a file beside these, and a word here. */
export const dashboards: readonly Dashboard[] = [sales, funnel, stock, deliveryHealth];
