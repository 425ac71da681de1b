import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { readPage } from '../answers.ts';
import { findOwnQuery } from '../queries-table.ts';

const route = lakeApi.routes.getQuery;

export const handler = onRequest(lakeApi, 'getQuery', async ({ params, query: { cursor = '0' }, caller }) => {
  const query = await findOwnQuery(params.queryId, caller);
  if (!query) throw apiError(route, 'UNKNOWN_QUERY');
  const { status, bytesScanned, error, answer } = query;
  if (answer === undefined) return { status, bytesScanned, error };
  const { columns, rowCount, pages, truncated } = answer;
  const page = Number(cursor);
  if (!/^\d{1,6}$/.test(cursor) || page >= pages) throw apiError(route, 'INVALID_CURSOR');
  const rows = (await readPage(query.queryId, page)).map((row) => [...row]);
  const next = page + 1 < pages ? { cursor: String(page + 1) } : {};
  return { status, columns: [...columns], rows, rowCount, ...next, truncated, bytesScanned };
});
