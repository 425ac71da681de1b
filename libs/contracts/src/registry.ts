import { catalogApi } from './catalog/catalog-api.ts';
import { productAdded } from './catalog/product-added.ts';
import { alertRaised } from './clickstream/alert-raised.ts';
import { clickstreamApi } from './clickstream/clickstream-api.ts';
import { pageEvents } from './clickstream/page-events.ts';
import type { ApiContract } from './define-api.ts';
import type { EventContract } from './define-event.ts';
import type { StreamContract } from './define-stream.ts';
import { imagesApi } from './images/images-api.ts';
import { pictureAdded } from './images/picture-added.ts';
import { pictureRefused } from './images/picture-refused.ts';
import { lakeApi } from './lake/lake-api.ts';
import { inventoryApi } from './inventory/inventory-api.ts';
import { stockRejected } from './inventory/stock-rejected.ts';
import { stockReserved } from './inventory/stock-reserved.ts';
import { orderCancelled } from './orders/order-cancelled.ts';
import { orderConfirmed } from './orders/order-confirmed.ts';
import { orderPlaced } from './orders/order-placed.ts';
import { orderRejected } from './orders/order-rejected.ts';
import { ordersApi } from './orders/orders-api.ts';
import { paymentCaptured } from './payments/payment-captured.ts';
import { paymentDeclined } from './payments/payment-declined.ts';
import { paymentRefunded } from './payments/payment-refunded.ts';
import { pspSandboxApi } from './psp-sandbox/psp-sandbox-api.ts';

/** Every event that a service publishes. For tools: a function imports the contracts that it uses, one by one. */
export const events: readonly EventContract[] = [
  productAdded,
  orderPlaced,
  orderConfirmed,
  orderRejected,
  orderCancelled,
  stockReserved,
  stockRejected,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  pictureAdded,
  pictureRefused,
  alertRaised,
] as readonly unknown[] as readonly EventContract[];

/** Every API that a service answers. */
export const apis: readonly ApiContract[] = [catalogApi, ordersApi, inventoryApi, pspSandboxApi, imagesApi, clickstreamApi, lakeApi];

/** Every stream that a service writes. */
export const streams: readonly StreamContract[] = [pageEvents] as readonly unknown[] as readonly StreamContract[];
