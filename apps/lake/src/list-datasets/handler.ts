import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { datasets, everyHour, views } from '../datasets.ts';
import { findPartitions } from '../lake-store.ts';
import { memberOf } from '../member.ts';
import { members } from '../members-table.ts';

const toColumns = (columns: Readonly<Record<string, string>>) => Object.entries(columns).map(([name, type]) => ({ name, type }));

export const handler = onRequest(lakeApi, 'listDatasets', async ({ caller }) => {
  if ((await memberOf(members)(caller)) === undefined) throw apiError(lakeApi.routes.listDatasets, 'NOT_A_MEMBER');
  const kept = datasets.map(async ({ name, description, columns }) => {
    const partitions = await findPartitions(name, everyHour);
    const files = partitions.flatMap((partition) => partition.files);
    const sum = (of: 'rows' | 'bytes') => files.reduce((total, file) => total + file[of], 0);
    const refreshedAt = partitions
      .map((partition) => partition.refreshedAt)
      .sort()
      .at(-1);
    return { name, description, columns: toColumns(columns), rows: sum('rows'), bytes: sum('bytes'), files: files.length, refreshedAt };
  });
  const made = Object.entries(views).map(([name, { description, columns }]) => ({ name, description, columns: toColumns(columns) }));
  return { items: [...(await Promise.all(kept)), ...made] };
});
