import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { onRequest } from '@larder/service/on-request';
import { datasets, everyHour, views } from '../datasets.ts';
import { findPartitions } from '../lake-store.ts';
import { members } from '../members-table.ts';
import { type Columns, memberOf, readableColumns } from '../teams.ts';

const toColumns = (columns: Readonly<Record<string, string>>, readable: Columns | undefined) =>
  Object.entries(columns).flatMap(([name, type]) => (readable === 'all' || readable?.includes(name) ? [{ name, type }] : []));

export const handler = onRequest(lakeApi, 'listDatasets', async ({ caller }) => {
  const member = await memberOf(members)(caller);
  if (!member) throw apiError(lakeApi.routes.listDatasets, 'NOT_A_MEMBER');
  const mayRead = (name: string): Columns | undefined => readableColumns(member.teams, name);
  const kept = datasets.map(async ({ name, description, columns }) => {
    const partitions = await findPartitions(name, everyHour);
    const files = partitions.flatMap((partition) => partition.files);
    const sum = (of: 'rows' | 'bytes') => files.reduce((total, file) => total + file[of], 0);
    const refreshedAt = partitions
      .map((partition) => partition.refreshedAt)
      .sort()
      .at(-1);
    return {
      ...{ name, description, columns: toColumns(columns, mayRead(name)) },
      ...{ rows: sum('rows'), bytes: sum('bytes'), files: files.length, refreshedAt },
    };
  });
  const made = Object.entries(views).map(([name, { description, columns }]) => ({
    ...{ name, description, columns: toColumns(columns, mayRead(name)) },
  }));
  return { items: [...(await Promise.all(kept)), ...made].filter(({ columns }) => columns.length > 0) };
});
