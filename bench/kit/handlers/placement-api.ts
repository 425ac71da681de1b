import { defineApi } from '@larder/contracts/define-api';
import { ordersApi } from '@larder/contracts/orders/orders-api';

const { placeOrder } = ordersApi.routes;

/** Placing an order, without the key: what a key costs is a transaction, and the effect is stubbed here. */
export const placementApi = defineApi({
  service: 'orders',
  description: 'Placing an order.',
  routes: {
    placeOrder: {
      method: 'POST',
      path: '/',
      auth: 'jwt',
      summary: placeOrder.summary,
      body: placeOrder.body,
      success: placeOrder.success,
      errors: placeOrder.errors,
      example: placeOrder.example,
    },
  },
});
