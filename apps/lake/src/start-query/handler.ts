import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { members } from '../members-table.ts';
import { askQuery } from '../queries-table.ts';
import { memberOf } from '../teams.ts';

export const handler = onRequest(lakeApi, 'startQuery', async ({ body, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member) throw apiError(lakeApi.routes.startQuery, 'NOT_A_MEMBER');
  const queryId = ulid();
  await askQuery({ ...member, queryId, sql: body.sql, askedAt: new Date().toISOString(), status: 'QUEUED' });
  return { queryId };
});
