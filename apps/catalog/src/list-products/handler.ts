import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { onRequest } from '@larder/service/on-request';
import { pictured } from '../category-pictures-table.ts';
import { findEntries } from '../listings-table.ts';
import { listProducts } from './list-products.ts';

export const handler = onRequest(catalogApi, 'listProducts', listProducts({ entries: findEntries, pictured }));
