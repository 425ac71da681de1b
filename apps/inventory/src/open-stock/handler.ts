import * as z from 'zod/mini';
import { productAdded } from '@larder/contracts/catalog/product-added';
import { environment } from '@larder/service/environment';
import { onEvent } from '@larder/service/on-event';
import { openStock } from '../stock-table.ts';

const { OPENING_STOCK } = environment(z.object({ OPENING_STOCK: z.coerce.number().check(z.int(), z.nonnegative()) }));

export const handler = onEvent(productAdded, (event) => openStock(event.data.productId, OPENING_STOCK, event));
