import { onTableChange } from '@larder/service/on-table-change';
import { dropEntry, keepEntry } from '../listings-table.ts';
import type { Product } from '../product.ts';
import { projectListings } from './project-listings.ts';

export const handler = onTableChange<Product>(projectListings({ keep: keepEntry, drop: dropEntry }));
