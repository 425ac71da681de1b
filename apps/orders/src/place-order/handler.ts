import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { client } from '@larder/service/client';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { placeInTable } from '../orders-table.ts';
import { personOf } from '../person.ts';
import { placeOrder } from './place-order.ts';

const catalog = client(catalogApi);

export const handler = onRequest(ordersApi, 'placeOrder', (request) =>
  placeOrder({
    prices: async (productIds) => {
      const { items } = await catalog.getPrices({ query: { productIds: productIds.join(',') } });
      return new Map(items.map(({ productId, price }) => [productId, price]));
    },
    newId: ulid,
    now: () => new Date(),
    place: (order, answer) => placeInTable(order, answer, request),
  })({ ...request, caller: personOf(request.caller) }),
);
