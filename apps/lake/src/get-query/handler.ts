import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { readAnswer } from '../answers.ts';
import { findOwnQuery } from '../queries-table.ts';

export const handler = onRequest(lakeApi, 'getQuery', async ({ params, caller }) => {
  const query = await findOwnQuery(params.queryId, caller);
  if (!query) throw apiError(lakeApi.routes.getQuery, 'UNKNOWN_QUERY');
  const { status, bytesScanned, error, answer } = query;
  if (answer === undefined) return { status, bytesScanned, error };
  const { columns, rows, truncated } = await readAnswer(answer);
  return { status, columns: [...columns], rows: rows.map((row) => [...row]), truncated, bytesScanned };
});
