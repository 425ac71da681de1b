import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { onStream } from '@larder/service/on-stream';
import { raiseAlert } from '../alerts-table.ts';
import { keepPane } from '../panes-table.ts';
import { shopRules, visitorRules } from '../rules/index.ts';
import { findWatch, keepWatch } from '../watches-table.ts';
import { watchEvents } from './watch-events.ts';

export const handler = onStream(
  pageEvents,
  watchEvents({ visitorRules, shopRules, findWatch, keepWatch, raiseAlert, keepPane, now: () => new Date() }),
);
