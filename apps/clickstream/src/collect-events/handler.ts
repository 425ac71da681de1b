import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { onRequest } from '@larder/service/on-request';
import { produce } from '@larder/service/produce';
import { collectEvents } from './collect-events.ts';

export const handler = onRequest(
  clickstreamApi,
  'collectEvents',
  collectEvents({ produce: (events) => produce(pageEvents, 'PageEvents', events), now: () => new Date() }),
);
