import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { onRequest } from '@larder/service/on-request';
import { minutesUpTo, shardsOf } from '../minutes-table.ts';
import { getLive } from './get-live.ts';

/** The one that is not over, and five before it. */
const shown = 6;

export const handler = onRequest(
  clickstreamApi,
  'getLive',
  getLive({
    minutes: async (now) => (await Promise.all(minutesUpTo(now, shown).map(shardsOf))).flat(),
    now: () => new Date(),
  }),
);
