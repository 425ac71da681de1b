import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { everyHour } from '../datasets.ts';
import { listUploaded } from '../files/datasets-table.ts';
import { findPartitions } from '../lake-store.ts';
import { members } from '../members-table.ts';
import { memberOf, readableColumns } from '../teams.ts';
import { catalogueOf, search } from './catalogue.ts';

export const handler = onRequest(lakeApi, 'listDatasets', async ({ query, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member) throw apiError(lakeApi.routes.listDatasets, 'NOT_A_MEMBER');
  const entries = catalogueOf(await listUploaded(), (dataset) => readableColumns(member.teams, dataset));
  const items = search(entries, query).map(async ({ history: _, columns, tags, madeOf, ...entry }) => {
    const about = { ...entry, columns: [...columns], tags: [...tags], madeOf: [...madeOf] };
    if (entry.kind === 'view') return about;
    const partitions = await findPartitions(entry.name, everyHour);
    const files = partitions.flatMap((partition) => partition.files);
    const sum = (of: 'rows' | 'bytes') => files.reduce((total, file) => total + file[of], 0);
    const refreshedAt = partitions
      .map((partition) => partition.refreshedAt)
      .toSorted()
      .at(-1);
    return { ...about, rows: sum('rows'), bytes: sum('bytes'), files: files.length, refreshedAt };
  });
  return { items: await Promise.all(items) };
});
