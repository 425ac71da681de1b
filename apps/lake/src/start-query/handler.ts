import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { memberOf } from '../member.ts';
import { members } from '../members-table.ts';
import { askQuery } from '../queries-table.ts';

export const handler = onRequest(lakeApi, 'startQuery', async ({ body, caller }) => {
  const personId = await memberOf(members)(caller);
  if (personId === undefined) throw apiError(lakeApi.routes.startQuery, 'NOT_A_MEMBER');
  const queryId = ulid();
  await askQuery({ queryId, personId, sql: body.sql, askedAt: new Date().toISOString(), status: 'QUEUED' });
  return { queryId };
});
