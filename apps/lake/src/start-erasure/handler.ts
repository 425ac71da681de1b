import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { keepErasure } from '../erasures-table.ts';
import { members } from '../members-table.ts';
import { mayDo, memberOf } from '../teams.ts';

export const handler = onRequest(lakeApi, 'startErasure', async ({ body: { subject }, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member || !mayDo(member.teams, 'erase')) throw apiError(lakeApi.routes.startErasure, 'NOT_ALLOWED');
  const erasureId = ulid();
  await keepErasure({
    ...{ erasureId, subject, open: 'yes', status: 'QUEUED', personId: member.personId, askedAt: new Date().toISOString() },
    ...{ zone: 0, changed: 0, searched: 0, found: 0 },
  });
  return { erasureId };
});
