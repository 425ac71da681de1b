import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { onRequest } from '@larder/service/on-request';
import { findEntries } from '../listings-table.ts';

/** A grocer has dozens of categories, not hundreds. */
const AT_MOST = 200;

export const handler = onRequest(catalogApi, 'listCategories', async () => {
  const entries = await findEntries('categories', { prefix: '', after: undefined, limit: AT_MOST });
  return { items: entries.map((entry) => ({ category: entry.position })) };
});
