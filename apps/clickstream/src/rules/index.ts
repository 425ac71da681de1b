import { readRule } from '@larder/streaming/rules/rule';
import { cardTesting } from './card-testing.ts';
import { couponAbuse } from './coupon-abuse.ts';
import { priceScraping } from './price-scraping.ts';
import { stockHoarding } from './stock-hoarding.ts';
import { trafficDrop } from './traffic-drop.ts';

/** What is looked for. A new rule is a file beside these, and a word here; `npm run backtest` tries it on what has happened. */
export const rules = [cardTesting, couponAbuse, priceScraping, stockHoarding, trafficDrop].map(readRule);

/** Of one visitor, whose events are all in one shard. */
export const visitorRules = rules.filter(({ key }) => key.length > 0);

/** Of the shop as a whole, of which each shard has a part. */
export const shopRules = rules.filter(({ key }) => key.length === 0);
