import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { findErasure } from '../erasures-table.ts';
import { members } from '../members-table.ts';
import { mayDo, memberOf } from '../teams.ts';

const route = lakeApi.routes.getErasure;

export const handler = onRequest(lakeApi, 'getErasure', async ({ params: { erasureId }, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member || !mayDo(member.teams, 'erase')) throw apiError(route, 'NOT_ALLOWED');
  const erasure = await findErasure(erasureId);
  if (!erasure) throw apiError(route, 'UNKNOWN_ERASURE');
  const { status, askedAt, erasedAt, changed, searched } = erasure;
  return { status, askedAt, erasedAt, changed, searched };
});
