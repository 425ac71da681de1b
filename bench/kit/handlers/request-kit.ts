import { commit } from '@larder/service/commit';
import { variable } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { placementApi } from './placement-api.ts';
import { price } from './rule.ts';
import { stubbed } from './stubbed.ts';

export const handler = onRequest(placementApi, 'placeOrder', async ({ body, cause }) => {
  const answer = price(body.lines);
  if (!stubbed) await commit({ cause, writes: [{ Put: { TableName: variable('ORDERS_TABLE'), Item: answer } }] });
  return answer;
});
