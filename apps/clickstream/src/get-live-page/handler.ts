import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { onRequest } from '@larder/service/on-request';
import { toPage } from './page.ts';

const page = toPage();

export const handler = onRequest(clickstreamApi, 'getLivePage', () => page);
