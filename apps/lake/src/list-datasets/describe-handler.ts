import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { findUploaded, keepUploaded } from '../files/datasets-table.ts';
import { members } from '../members-table.ts';
import { mayDo, memberOf } from '../teams.ts';

const route = lakeApi.routes.describeDataset;

export const handler = onRequest(
  lakeApi,
  'describeDataset',
  async ({ params: { dataset }, body: { description, owner, tags }, caller }) => {
    const member = await memberOf(members)(caller);
    if (!member || !mayDo(member.teams, 'describe')) throw apiError(route, 'NOT_ALLOWED');
    const uploaded = await findUploaded(dataset);
    if (!uploaded) throw apiError(route, 'UNKNOWN_DATASET');
    await keepUploaded({ ...uploaded, description, owner, tags, version: uploaded.version + 1 });
    return { name: dataset };
  },
);
