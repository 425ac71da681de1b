// Checked by the compiler only: that it compiles is the test.
import { apiError } from './api-error.ts';
import type { RouteErrorCode, RouteInput, RouteOutput, RouteRequest } from './define-api.ts';
import { defineEvent, type EventData } from './define-event.ts';
import type { catalogApi } from './catalog/catalog-api.ts';
import { orderCancelled } from './orders/order-cancelled.ts';
import { orderPlaced } from './orders/order-placed.ts';
import { ordersApi } from './orders/orders-api.ts';
import { decode } from './wire.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

// A payload has the type that its schema says, and the contract keeps its own name.
holds<Equal<EventData<typeof orderPlaced>['total'], { amount: number; currency: string }>>();
holds<Equal<EventData<typeof orderCancelled>['reason'], 'PAYMENT_DECLINED' | 'TIMED_OUT'>>();
holds<Equal<(typeof orderPlaced)['type'], 'orders.OrderPlaced.v1'>>();

// A handler receives what validation made of the request; a caller gives what it was made of.
type ListProducts = (typeof catalogApi)['routes']['listProducts'];
holds<Equal<RouteInput<ListProducts>['query']['limit'], number>>();
holds<Equal<RouteRequest<ListProducts>['query']['limit'], string | undefined>>();
holds<Equal<RouteInput<ListProducts>['params'], undefined>>();
holds<Equal<RouteOutput<(typeof ordersApi)['routes']['placeOrder']>['orderId'], string>>();

// A route throws the errors of its contract, and no others.
holds<Equal<RouteErrorCode<(typeof ordersApi)['routes']['getPaymentInstruction']>, 'UNKNOWN_ORDER' | 'ORDER_ENDED'>>();
apiError(ordersApi.routes.getOrder, 'UNKNOWN_ORDER');
// @ts-expect-error: another route's error
apiError(ordersApi.routes.getOrder, 'ORDER_ENDED');

// What a subscriber of two events receives is told apart by its type.
const event = decode([orderPlaced, orderCancelled], {});
if (event.type === 'orders.OrderCancelled.v1') holds<Equal<typeof event.data.reason, 'PAYMENT_DECLINED' | 'TIMED_OUT'>>();
else holds<Equal<typeof event.data.placedAt, string>>();
// @ts-expect-error: only a cancelled order has a reason
void event.data.reason;

defineEvent({
  // @ts-expect-error: an event is named with its owner and its version
  type: 'OrderPlaced',
  description: '',
  data: orderPlaced.data,
  subject: ({ orderId }) => orderId,
  example: orderPlaced.example,
});
defineEvent({
  type: 'orders.OrderPlaced.v1',
  description: '',
  data: orderPlaced.data,
  // @ts-expect-error: the payload has no such field
  subject: ({ id }) => id,
  // @ts-expect-error: an example has every field
  example: { orderId: '1' },
});
