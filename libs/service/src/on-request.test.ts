import { apiError } from '@larder/contracts';
import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { capturingLogs, contextOf, fakeTiming, httpEvent } from './aws-events.fixture.ts';
import { type Commit, committer, toEvent } from './commit.ts';
import { memoryDynamoDb } from './dynamodb.fixture.ts';
import { type RequestHandler, requestReceiver } from './on-request.ts';
import type { HttpApiEvent } from './read-request.ts';
import { ulid } from './ulid.ts';

const keys = { Inbox: ['id'], Outbox: ['aggregate', 'commit'] };
const jwt = { claims: { sub: 'person-1', email: 'shopper@example.com' } };
const body = JSON.stringify({ lines: [{ productId: 'apple', quantity: 2 }], paymentToken: 'tok_ok' });

beforeEach(() => {
  process.env.INBOX_TABLE = 'Inbox';
  process.env.OUTBOX_TABLE = 'Outbox';
});

function world() {
  const database = memoryDynamoDb(keys);
  const commit = committer({ dynamodb: database.dynamodb, timing: fakeTiming(), ulid, clock: () => new Date('2026-11-02T09:30:00Z') });
  const onRequest = requestReceiver({ dynamodb: database.dynamodb, ulid });
  let orders = 0;
  const placeOrder = onRequest(ordersApi, 'placeOrder', async ({ once, cause, caller, body: { lines } }) => {
    if (lines[0]?.productId === 'unknown') throw apiError(ordersApi.routes.placeOrder, 'UNKNOWN_PRODUCT');
    const orderId = `order-${(orders += 1)}`;
    const answer = { orderId, status: 'PLACED' as const };
    const data = { ...orderPlaced.example, orderId, customerId: caller.kind === 'person' ? caller.id : 'nobody' };
    await commit({ once, cause, answer, events: [toEvent(orderPlaced, data)] } satisfies Commit<typeof answer>);
    return answer;
  });
  return { ...database, onRequest, placeOrder };
}

const post = (parts: Parameters<typeof httpEvent>[2] = {}, key: string | undefined = 'key-1'): HttpApiEvent => {
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }), ...parts.headers };
  return httpEvent('POST', '/', { body, authorizer: { jwt }, ...parts, headers });
};

async function call(handler: RequestHandler, event: HttpApiEvent) {
  let answer: Awaited<ReturnType<RequestHandler>> = {};
  const logs = await capturingLogs(async () => {
    answer = await handler(event, contextOf());
  });
  return {
    status: answer.statusCode,
    headers: answer.headers ?? {},
    body: JSON.parse(answer.body ?? '{}') as Record<string, unknown>,
    logs,
  };
}

describe('onRequest', () => {
  const products = (output: () => never) => world().onRequest(catalogApi, 'getProduct', output);
  const get = (productId = 'apple', headers = {}) => httpEvent('GET', `/products/${productId}`, { pathParameters: { productId }, headers });

  it('answers what the rule returns, without what the contract does not have', async () => {
    const product = {
      productId: 'apple',
      name: 'Apple',
      category: 'fruit',
      price: { amount: 49, currency: 'EUR', cost: 12 },
      supplier: 'secret',
    };
    const { status, headers, body } = await call(
      products(() => product as never),
      get(),
    );
    expect(status).toBe(200);
    expect(body).toEqual({ productId: 'apple', name: 'Apple', category: 'fruit', price: { amount: 49, currency: 'EUR' } });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-correlation-id': expect.stringMatching(/^[0-9A-Z]{26}$/),
    });
    expect(headers).not.toHaveProperty('cache-control');
  });

  it('answers a page as HTML, under its policy', async () => {
    const page = { html: '<!doctype html>', policy: "default-src 'none'" };
    const answer = await world().onRequest(clickstreamApi, 'getLivePage', () => page)(httpEvent('GET', '/live-page'), contextOf());
    expect([answer.statusCode, answer.body]).toEqual([200, page.html]);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
      'x-content-type-options': 'nosniff',
    });
  });

  it('names every field that is wrong, wherever it is', async () => {
    const { placeOrder } = world();
    const { status, headers, body } = await call(placeOrder, post({ body: JSON.stringify({ lines: [{ productId: '', quantity: 0 }] }) }));
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(body).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'INVALID_REQUEST',
      instance: contextOf().awsRequestId,
    });
    expect(body.errors).toEqual([
      { in: 'body', pointer: '/lines/0/productId', message: expect.stringContaining('must match') },
      { in: 'body', pointer: '/lines/0/quantity', message: 'must be at least 1' },
      { in: 'body', pointer: '/paymentToken', message: expect.any(String) },
    ]);
  });

  it.each([
    [400, 'INVALID_JSON', post({ body: '{' })],
    [400, 'INVALID_REQUEST', post({ body: '' })],
    [413, 'BODY_TOO_LARGE', post({ body: JSON.stringify({ filler: 'x'.repeat(300 * 1024) }) })],
    [415, 'UNSUPPORTED_MEDIA_TYPE', post({ headers: { 'content-type': 'text/plain' } })],
    [400, 'INVALID_REQUEST', post({}, '')],
    [400, 'INVALID_REQUEST', post({}, 'x'.repeat(65))],
    [400, 'INVALID_REQUEST', post({}, 'white space')],
    [401, 'UNAUTHENTICATED', post({ authorizer: undefined })],
  ])('answers %i %s before the rule is asked', async (status, code, event) => {
    const { placeOrder, calls } = world();
    expect((await call(placeOrder, event)).body).toMatchObject({ status, code });
    expect(calls).toHaveLength(0);
  });

  it('reads a body in base64', async () => {
    const { placeOrder } = world();
    expect((await call(placeOrder, post({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true }))).status).toBe(202);
  });

  it('answers a declared error with its status, and its code in the type', async () => {
    const { placeOrder } = world();
    const unknown = JSON.stringify({ lines: [{ productId: 'unknown', quantity: 2 }], paymentToken: 'tok_ok' });
    const { status, body } = await call(placeOrder, post({ body: unknown }));
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:larder:problem:orders:UNKNOWN_PRODUCT',
      title: 'Unprocessable Content',
      code: 'UNKNOWN_PRODUCT',
    });
  });

  it.each([
    ['a thrown error', () => Promise.reject(new Error('password hunter2 of bob@example.com')) as never],
    ['an answer that breaks the contract', () => ({ productId: 'apple' }) as never],
  ])('answers %s with 500, an id that the logs have, and no detail', async (_, rule) => {
    const { status, body, logs } = await call(products(rule), get());
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|TypeError|contract/);
    expect(logs).toContainEqual(expect.objectContaining({ level: 'ERROR', requestId: body.instance, route: 'getProduct' }));
    expect(JSON.stringify(logs)).not.toContain('bob@example.com');
  });

  it('keeps a well-formed correlation id and replaces any other', async () => {
    const handler = products(() => ({}) as never);
    expect((await call(handler, get('apple', { 'x-correlation-id': 'basket-12345' }))).headers['x-correlation-id']).toBe('basket-12345');
    expect((await call(handler, get('apple', { 'x-correlation-id': 'bob@example.com' }))).headers['x-correlation-id']).toMatch(
      /^[0-9A-Z]{26}$/,
    );
  });

  describe('with an Idempotency-Key', () => {
    it('answers the same request with the same answer, and has one effect', async () => {
      const { placeOrder, items } = world();
      const first = await call(placeOrder, post());
      const spaced = JSON.stringify({ paymentToken: 'tok_ok', lines: [{ quantity: 2, productId: 'apple' }] }, null, 2);
      const second = await call(placeOrder, post({ body: spaced }));
      expect(first).toMatchObject({ status: 202, body: { orderId: 'order-1' } });
      expect(second).toMatchObject({ status: 202, body: { orderId: 'order-1' } });
      expect(items('Outbox')).toHaveLength(1);
    });

    it('has one effect and one answer when the same request comes several times at once', async () => {
      const { placeOrder, items } = world();
      const answers = await Promise.all([1, 2, 3, 4].map(() => placeOrder(post(), contextOf())));
      expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
      expect(answers[0]?.statusCode).toBe(202);
      expect(items('Outbox')).toHaveLength(1);
    });

    it('answers 422 to another request under the same key, also to one that would fail', async () => {
      const { placeOrder, items } = world();
      await call(placeOrder, post());
      for (const productId of ['pear', 'unknown']) {
        const other = JSON.stringify({ lines: [{ productId, quantity: 2 }], paymentToken: 'tok_ok' });
        expect((await call(placeOrder, post({ body: other }))).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
      }
      expect(items('Outbox')).toHaveLength(1);
    });

    it('keeps the keys of two callers apart', async () => {
      const { placeOrder, items } = world();
      await call(placeOrder, post());
      const stranger = { jwt: { claims: { sub: 'person-2' } } };
      expect((await call(placeOrder, post({ authorizer: stranger }))).body).toMatchObject({ orderId: 'order-2' });
      expect(items('Outbox')).toHaveLength(2);
    });

    it('answers what was answered first when the rule fails because of it', async () => {
      const { placeOrder, onRequest } = world();
      await call(placeOrder, post());
      const failing = onRequest(ordersApi, 'placeOrder', () => Promise.reject(new Error('placed already')));
      expect(await call(failing, post())).toMatchObject({ status: 202, body: { orderId: 'order-1' } });
    });

    it('does not keep an error: the caller may try again', async () => {
      const { placeOrder, onRequest } = world();
      const failing = onRequest(ordersApi, 'placeOrder', () => Promise.reject(new Error('not now')));
      expect((await call(failing, post())).status).toBe(500);
      expect((await call(placeOrder, post())).status).toBe(202);
    });

    it('does not let a rule forget its commit', async () => {
      const forgetful = world().onRequest(ordersApi, 'placeOrder', ({ idempotencyKey }) => ({
        orderId: idempotencyKey,
        status: 'PLACED' as const,
      }));
      expect((await call(forgetful, post())).status).toBe(500);
    });
  });
});
