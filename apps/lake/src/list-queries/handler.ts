import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { findQueriesOf } from '../queries-table.ts';

export const handler = onRequest(lakeApi, 'listQueries', async ({ query: { limit, cursor }, caller }) => {
  if (caller.kind !== 'person') return { items: [] };
  if (cursor !== undefined && !/^[0-9A-Z]{26}$/.test(cursor)) throw apiError(lakeApi.routes.listQueries, 'INVALID_CURSOR');
  const { items, last } = await findQueriesOf(caller.id, limit, cursor);
  return {
    items: items.map(({ queryId, sql, askedAt, status, answer, bytesScanned, error }) => ({
      ...{ queryId, sql, askedAt, status, rowCount: answer?.rowCount, bytesScanned, error },
    })),
    ...(last && { cursor: String(last['queryId']) }),
  };
});
