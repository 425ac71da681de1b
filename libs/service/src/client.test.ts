import { ApiError } from '@larder/contracts';
import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { inventoryApi } from '@larder/contracts/inventory/inventory-api';
import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { contextOf, fakeTiming } from './aws-events.fixture.ts';
import { clients } from './client.ts';
import { HttpFailure, type HttpReply, type HttpRequest } from './http.ts';
import { toInvocation, within } from './invocation.ts';

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
});

type Answer = { status: number; body?: object } | HttpFailure;

/** A network that answers as told; the last answer stays. */
function world(...answers: Answer[]) {
  const requests: HttpRequest[] = [];
  const timing = fakeTiming();
  const client = clients({
    timing,
    clock: () => new Date('2026-11-02T09:30:00Z'),
    discover: (service) => Promise.resolve(`http://localhost:4000/${service}`),
    http: (request) => {
      requests.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof HttpFailure) return Promise.reject(answer);
      const reply: HttpReply = { status: answer?.status ?? 200, headers: {}, body: JSON.stringify(answer?.body ?? {}) };
      return Promise.resolve(reply);
    },
  });
  return { client, requests, timing };
}

const prices = { items: [{ productId: 'a', price: { amount: 1, currency: 'EUR' } }] };
const lost = new HttpFailure('NETWORK', 'socket hang up');
const late = new HttpFailure('TIMEOUT', 'no answer');
const charge = { orderId: 'o1', amount: { amount: 1, currency: 'EUR' }, paymentToken: 'tok_ok' };

describe('client', () => {
  it('signs a call for IAM and passes on the ids of the work at hand', async () => {
    const { client, requests } = world({ status: 200, body: { ...prices, more: 1 } });
    const invocation = { ...toInvocation(contextOf()), traceHeader: 'Root=1-0-0', correlationId: 'correlation-1' };
    expect(await within(invocation, () => client(catalogApi).getPrices({ query: { productIds: 'a,b c' } }))).toEqual(prices);
    expect(String(requests[0]?.url)).toBe('http://localhost:4000/catalog/prices?productIds=a%2Cb%20c');
    expect(requests[0]?.headers).toMatchObject({
      'x-correlation-id': 'correlation-1',
      'x-amzn-trace-id': 'Root=1-0-0',
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/20261102\/us-east-1\/execute-api\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  it('leaves a call that no IAM checks unsigned, with the headers it was given', async () => {
    const { client, requests } = world({ status: 200, body: { items: [] } });
    await client(pspSandboxApi, { headers: () => Promise.resolve({ authorization: 'Bearer key' }) }).listCharges({
      query: { orderId: 'o1' },
    });
    expect(requests[0]?.headers.authorization).toBe('Bearer key');
  });

  it('puts parameters into the path, encoded', async () => {
    const { client, requests } = world({ status: 200, body: { available: 1, reserved: 0, sold: 0 } });
    await client(inventoryApi).getStock({ params: { productId: 'a/b?c' } });
    expect(requests[0]?.url.pathname).toBe('/inventory/stock/a%2Fb%3Fc');
  });

  it.each([
    ['a broken connection', lost],
    ['a timeout', late],
    ['429', { status: 429 }],
    ['503', { status: 503 }],
  ])('tries a safe call again after %s', async (_, failure) => {
    const { client, requests, timing } = world(failure, failure, { status: 200, body: prices });
    expect(await client(catalogApi).getPrices({ query: { productIds: 'a' } })).toEqual(prices);
    expect(requests).toHaveLength(3);
    expect(timing.slept).toEqual([50, 100]);
  });

  it('never makes a call again that may have had an effect', async () => {
    const { createCharge } = pspSandboxApi.routes;
    const api = { ...pspSandboxApi, routes: { createCharge: { ...createCharge, idempotent: undefined } } };
    const { client, requests } = world(lost);
    await expect(client(api).createCharge({ body: charge })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['declared idempotent', (c: ReturnType<typeof world>['client']) => c(pspSandboxApi).createCharge({ body: charge })],
    [
      'with an idempotency key',
      (c: ReturnType<typeof world>['client']) =>
        c(inventoryApi).receiveStock({ params: { productId: 'a' }, body: { quantity: 1 }, idempotencyKey: 'k' }),
    ],
  ])('makes a call again that is %s', async (_, ask) => {
    const { client, requests } = world(lost);
    await expect(ask(client)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(requests).toHaveLength(3);
  });

  it('throws what the contract declares as ApiError, and nothing else', async () => {
    const declared = world({ status: 404, body: { code: 'UNKNOWN_PRODUCT', detail: 'none', status: 404 } });
    const error = await declared
      .client(inventoryApi)
      .getStock({ params: { productId: 'a' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'UNKNOWN_PRODUCT', status: 404, message: 'none' });
    const undeclared = world({ status: 403, body: { message: 'Forbidden' } });
    await expect(undeclared.client(inventoryApi).getStock({ params: { productId: 'a' } })).rejects.toMatchObject({
      name: 'CallFailed',
      code: 'REFUSED',
      status: 403,
    });
    expect(undeclared.requests).toHaveLength(1);
  });

  it('does not hand on an answer that breaks the contract', async () => {
    const { client } = world({ status: 200, body: { available: -1, reserved: 0, sold: 0 } });
    await expect(client(inventoryApi).getStock({ params: { productId: 'a' } })).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it('asks only for as long as the caller has time', async () => {
    const { client, requests } = world(late);
    const ask = (remaining: number) =>
      within(toInvocation(contextOf(remaining)), () => client(catalogApi).getPrices({ query: { productIds: 'a' } }));
    await expect(ask(550)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.timeout).toBe(50);
    await expect(ask(400)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(requests).toHaveLength(1);
  });

  it('stops asking a service that keeps failing, and asks again after some seconds', async () => {
    const answers: Answer[] = [{ status: 503 }];
    const { client, requests, timing } = world(...answers);
    const catalog = client(catalogApi);
    const ask = () => catalog.getPrices({ query: { productIds: 'a' } }).catch((error: { code: string }) => error.code);
    for (let call = 0; call < 20; call += 1) await ask();
    expect(await ask()).toBe('CIRCUIT_OPEN');
    const before = requests.length;
    expect(before).toBeLessThan(20);
    await timing.sleep(4000);
    await ask();
    expect(requests.length).toBe(before + 1);
  });

  it('goes on asking a service that answers with errors of its contract, whatever their status', async () => {
    const { client } = world({ status: 503, body: { code: 'PROVIDER_UNAVAILABLE', detail: 'not now', status: 503 } });
    const psp = client(pspSandboxApi);
    for (let call = 0; call < 20; call += 1)
      await expect(psp.createCharge({ body: charge })).rejects.toMatchObject({ name: 'ApiError', code: 'PROVIDER_UNAVAILABLE' });
  });

  it('retries no more than its budget allows', async () => {
    const { client, requests } = world(
      ...Array.from({ length: 60 }, (_, index): Answer => (index % 3 === 2 ? { status: 200, body: prices } : { status: 429 })),
      { status: 429 },
    );
    const catalog = client(catalogApi);
    for (let call = 0; call < 20; call += 1) await catalog.getPrices({ query: { productIds: 'a' } }).catch(() => undefined);
    expect(requests.length).toBeLessThanOrEqual(20 + 10 + 2);
  });
});
