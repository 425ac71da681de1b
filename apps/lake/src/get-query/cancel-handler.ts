import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { findOwnQuery, findQuery, moveQuery } from '../queries-table.ts';

export const handler = onRequest(lakeApi, 'cancelQuery', async ({ params, caller }) => {
  const query = await findOwnQuery(params.queryId, caller);
  if (!query) throw apiError(lakeApi.routes.cancelQuery, 'UNKNOWN_QUERY');
  if (await moveQuery({ ...query, status: 'CANCELLED' })) return { status: 'CANCELLED' as const };
  return { status: (await findQuery(params.queryId))?.status ?? query.status };
});
