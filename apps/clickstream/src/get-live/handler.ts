import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { onRequest } from '@larder/service/on-request';
import { findAlerts } from '../alerts-table.ts';
import { minutesUpTo, shardsOf } from '../minutes-table.ts';
import { getLive } from './get-live.ts';

/** The one that is not over, and five before it. */
const shown = 6;

export const handler = onRequest(
  clickstreamApi,
  'getLive',
  getLive({
    minutes: async (now) => (await Promise.all(minutesUpTo(now, shown).map(shardsOf))).flat(),
    alerts: async (now) => (await findAlerts(now)).map(({ at, ruleId, severity }) => ({ at: at.split('#')[0] ?? at, ruleId, severity })),
    now: () => new Date(),
  }),
);
