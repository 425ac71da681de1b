import asyncapi from '@asyncapi/parser';
import { validate } from '@readme/openapi-parser';
import { apis, events, streams } from '../src/registry.ts';
import { toAsyncApi } from './asyncapi.ts';
import { toOpenApi } from './openapi.ts';
import { toDiagram } from './service-map.ts';
import { toUsage } from './usage.ts';

const shop = toUsage(`
service: shop
functions:
  tell: { events: [{ subscribe: orders.OrderPlaced.v1 }, { subscribe: { event: orders.OrderConfirmed.v1, concurrency: 2 } }] }
  count: { events: [{ streamRecords: Visits }] }
  ask: { access: [{ call: catalog.getPrices }, { table: Things, may: [read] }] }
`);

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly schema: { readonly pattern?: string } }[];
}

describe('the OpenAPI document', () => {
  it.each(apis)('of $service is valid', async (api) => {
    const result = await validate(structuredClone(toOpenApi(api)) as never);
    expect(result).toMatchObject({ valid: true });
  });

  it('says how a route is called: path below the gateway, parameters, key, errors by status', () => {
    const orders = toOpenApi(apis.find(({ service }) => service === 'orders')!) as { paths: Record<string, Record<string, unknown>> };
    expect(orders.paths['/orders']?.['post']).toMatchObject({
      operationId: 'placeOrder',
      security: [{ jwt: [] }],
      parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }],
      responses: { 202: {}, 400: {}, 401: {}, 422: { content: { 'application/problem+json': {} } }, 500: {} },
    });
    expect(orders.paths['/orders/{orderId}']?.['get']).toMatchObject({ parameters: [{ name: 'orderId', in: 'path', required: true }] });
  });

  it.each([
    ['placeOrder', 'Idempotency-Key', ['k', 'x'.repeat(64)], ['', 'x'.repeat(65), 'white space']],
    ['listOrders', 'limit', ['1', '20', '100'], ['0', '01', '101', '999']],
  ])('says what %s takes as %s, as narrowly as the service does', (operationId, parameter, taken, refused) => {
    const { paths } = toOpenApi(apis.find(({ service }) => service === 'orders')!) as { paths: Record<string, Record<string, Operation>> };
    const operation = Object.values(paths['/orders'] ?? {}).find((one) => one.operationId === operationId);
    const pattern = operation?.parameters.find(({ name }) => name === parameter)?.schema.pattern ?? '';
    const matches = (value: string) => new RegExp(pattern).test(value);
    expect({ taken: taken.filter(matches), refused: refused.filter(matches) }).toEqual({ taken, refused: [] });
  });

  it('leaves optional what has a default', () => {
    const catalog = toOpenApi(apis.find(({ service }) => service === 'catalog')!);
    expect(catalog).toMatchObject({
      paths: {
        '/catalog/products': { get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'limit', required: false })]) } },
      },
    });
  });
});

describe('the AsyncAPI document', () => {
  it('is valid', async () => {
    const { document, diagnostics } = await new asyncapi.Parser().parse(JSON.stringify(toAsyncApi(events, streams, [shop])));
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.channels().length).toBe(events.length + streams.length);
  });

  it('has an operation for each publisher and each subscriber', () => {
    const { operations } = toAsyncApi(events, streams, [shop]) as { operations: Record<string, object> };
    expect(operations['orders.publishes.orders.OrderPlaced.v1']).toMatchObject({ action: 'send' });
    expect(operations['shop.receives.orders.OrderPlaced.v1']).toMatchObject({ action: 'receive' });
    expect(operations['shop.receives.orders.OrderConfirmed.v1']).toMatchObject({ action: 'receive' });
    expect(Object.keys(operations)).toHaveLength(events.length + 2 + streams.length);
  });
});

describe('a stream in the AsyncAPI document', () => {
  const reader = toUsage('{service: clickstream, functions: {count: {events: [{streamRecords: PageEvents}]}}}');
  const document = toAsyncApi([], streams, [reader]) as {
    operations: Record<string, object>;
    components: { messages: Record<string, { payload: { required: string[]; properties: object } }> };
  };

  it('has an operation for who writes it and for who reads it', () => {
    expect(Object.keys(document.operations)).toEqual([
      'clickstream.writes.clickstream.PageEvents.v1',
      'clickstream.reads.clickstream.PageEvents.v1',
    ]);
  });

  it('has a message for each type, with what every event of a stream has', () => {
    const { payload } = document.components.messages['clickstream.PageEvents.v1.product.viewed'] ?? {};
    expect(payload).toMatchObject({ properties: { type: { const: 'product.viewed' } } });
    expect(payload?.required.toSorted()).toEqual(['id', 'productId', 'sessionId', 'time', 'type']);
  });
});

it('the diagram shows who hears of what and who asks whom', () => {
  const diagram = toDiagram(events, [shop]);
  expect(diagram).toContain('orders -->|"OrderPlaced.v1<br>OrderConfirmed.v1"| shop');
  expect(diagram).toContain('shop -.->|"getPrices"| catalog');
});
