import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { everyHour } from '../datasets.ts';
import { findUploaded, listFiles } from '../files/datasets-table.ts';
import { findPartitions } from '../lake-store.ts';
import { members } from '../members-table.ts';
import { mayDo, memberOf, readableColumns } from '../teams.ts';
import { catalogueOf } from './catalogue.ts';

const route = lakeApi.routes.getDataset;
const mostFiles = 200;

export const handler = onRequest(lakeApi, 'getDataset', async ({ params: { dataset }, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member) throw apiError(route, 'NOT_A_MEMBER');
  const uploaded = await findUploaded(dataset);
  const entry = catalogueOf(uploaded ? [uploaded] : [], (name) => readableColumns(member.teams, name)).find(({ name }) => name === dataset);
  // Of one whose first file failed there is nothing yet but that file.
  const files = mayDo(member.teams, 'upload') ? await listFiles(dataset, mostFiles) : [];
  if (!entry && files.length === 0) throw apiError(route, 'UNKNOWN_DATASET');
  const partitions = entry ? await findPartitions(dataset, everyHour) : [];
  const {
    history = [],
    columns = [],
    tags = [],
    madeOf = [],
    ...about
  } = entry ?? { name: dataset, description: 'No file of it could be taken.', kind: 'uploaded' as const };
  return {
    ...{ ...about, columns: [...columns], tags: [...tags], madeOf: [...madeOf] },
    history: history.map((version) => ({ ...version, columns: [...version.columns] })),
    partitions: partitions.map(({ hour, refreshedAt, files: kept }) => ({
      ...{ hour, refreshedAt, files: kept.length },
      rows: kept.reduce((sum, { rows }) => sum + rows, 0),
      bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
    })),
    files: files.map(({ name, at, status, rows, problem }) => ({ name, at, status, rows, problem })),
  };
});
