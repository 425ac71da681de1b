import type { PlainReply, PlainRequest } from '../endpoint/endpoint.ts';
import type { Activity } from '../kernel/kernel.ts';
import type { ServiceState } from '../service-state.ts';
import { createJournal } from './journal.ts';
import { controlRoutes, type ControlDependencies } from './routes.ts';
import type { CloudStatus, QueueStatus } from './status.ts';

const queue = (name: string, deadLetterOf: string[] = []): QueueStatus => {
  return { name, arn: name, url: '', waiting: 0, inFlight: 0, delayed: 0, deadLetterOf };
};

function control(more: Partial<ControlDependencies> = {}) {
  const journal = createJournal(() => undefined);
  const redriven: [string, string[]][] = [];
  const routes = controlRoutes({
    journal,
    lambda: { invoke: async ({ payload }) => ({ status: 200, payload: payload === '"nothing"' ? '' : payload }) },
    custom: { apply: async () => ({ physicalId: '', attributes: {} }), remove: async () => {}, answer: (id) => id === 'known' },
    deadLetters: { show: () => [], redrive: async ({ name }, sources) => redriven.push([name, sources.map((each) => each.name)]) },
    service: (name) =>
      name === 'shop' ? ({ name, packaged: { functions: { sell: 'shop-local-sell' } } } as unknown as ServiceState) : undefined,
    status: async () => ({ services: [{ queues: [queue('work'), queue('dead', ['work', 'a rule'])] }] }) as unknown as CloudStatus,
    reset: undefined,
    ...more,
  });
  const ask = async (method: string, path: string, request: Partial<PlainRequest> = {}): Promise<PlainReply> => {
    const route = routes.find((each) => each.method === method && each.path === path);
    const empty = { method, path, params: {}, query: new URLSearchParams(), headers: {}, body: Buffer.from('') };
    return route?.handle({ ...empty, signal: new AbortController().signal, ...request }) ?? { status: 404 };
  };
  const invoke = (body: unknown): Promise<PlainReply> =>
    ask('POST', '/_local/invoke', { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });
  return { ask, invoke, journal, redriven };
}

const body = (reply: PlainReply): unknown => JSON.parse(String(reply.body));
const line = (service: string): Activity => ({ kind: 'log', at: 1, service, functionName: 'f', requestId: '1', line: service });

describe('invoke', () => {
  it('answers what the function answers, by its key or its name', async () => {
    const { invoke } = control();
    expect(body(await invoke({ service: 'shop', function: 'sell', payload: { a: 1 } }))).toEqual({ payload: { a: 1 } });
    expect(body(await invoke({ service: 'shop', function: 'shop-local-sell' }))).toEqual({ payload: {} });
    expect(body(await invoke({ service: 'shop', function: 'sell', payload: 'nothing' }))).toEqual({ payload: null });
    expect(body(await invoke({ service: 'shop', function: 'sell', payload: null }))).toEqual({ payload: null });
  });

  it.each([
    [{ service: 'nobody', function: 'sell' }, "There is no service 'nobody' here."],
    [{ service: 'shop', function: 'toString' }, "The service shop has no function 'toString'. It has: sell."],
    [{ service: 'shop' }, "The body needs a text 'function'."],
    ['{', 'The body must be a JSON object.'],
    ['7', 'The body must be a JSON object.'],
  ])('says what is wrong with %j', async (input, message) => {
    await expect(control().invoke(input)).rejects.toThrow(message);
  });
});

describe('logs', () => {
  it('are those of one service, or of all, or the answer that there is no such service', async () => {
    const { ask, journal } = control();
    journal.tell(line('shop'));
    journal.tell(line('other'));
    expect(body(await ask('GET', '/_local/logs'))).toHaveLength(2);
    expect(body(await ask('GET', '/_local/logs', { query: new URLSearchParams('service=shop') }))).toEqual([line('shop')]);
    await expect(ask('GET', '/_local/logs', { query: new URLSearchParams('service=no') })).rejects.toThrow(
      "There is no service 'no' here.",
    );
  });

  it('that are followed begin with what there is, and leave other services out', async () => {
    const { ask, journal } = control();
    journal.tell(line('shop'));
    const reply = await ask('GET', '/_local/logs', { query: new URLSearchParams('service=shop&follow=1') });
    const reading = (reply.body as AsyncIterable<string>)[Symbol.asyncIterator]();
    expect((await reading.next()).value).toContain('"line":"shop"');
    const next = reading.next();
    await new Promise((resolve) => setImmediate(resolve));
    journal.tell(line('other'));
    journal.tell({ ...line('shop'), at: 2 });
    expect((await next).value).toContain('"at":2');
  });

  it('that are followed miss nothing that happens before the first of them is read', async () => {
    const { ask, journal } = control();
    journal.tell(line('shop'));
    const reply = await ask('GET', '/_local/logs', { query: new URLSearchParams('follow=1') });
    journal.tell({ ...line('shop'), at: 2 });
    const reading = (reply.body as AsyncIterable<string>)[Symbol.asyncIterator]();
    await reading.next();
    journal.tell({ ...line('shop'), at: 3 });
    expect((await reading.next()).value).toContain('"at":2');
  });

  it('that are followed show that they go on when there is nothing to say, until their reader leaves', async () => {
    const leaving = new AbortController();
    const { ask } = control({ heartbeatMs: 1 });
    const reply = await ask('GET', '/_local/events', { query: new URLSearchParams('follow=1'), signal: leaving.signal });
    const reading = (reply.body as AsyncIterable<string>)[Symbol.asyncIterator]();
    expect(await reading.next()).toEqual({ value: '\n', done: false });
    leaving.abort();
    await expect(reading.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('dead-letter queues', () => {
  it('are redriven to the queues that they belong to', async () => {
    const { ask, redriven } = control();
    expect(body(await ask('POST', '/_local/queues/{queue}/redrive', { params: { queue: 'dead' } }))).toEqual({ redriven: 1 });
    expect(redriven).toEqual([['dead', ['work']]]);
  });

  it('have to be there', async () => {
    await expect(control().ask('GET', '/_local/queues/{queue}/messages', { params: { queue: 'no' } })).rejects.toThrow(
      "There is no queue 'no' here",
    );
  });
});

it('a cloud that somebody else started is not reset', async () => {
  await expect(control().ask('POST', '/_local/reset')).rejects.toMatchObject({ status: 409 });
  let asked = 0;
  expect(await control({ reset: () => (asked += 1) }).ask('POST', '/_local/reset')).toMatchObject({ status: 202 });
  expect(asked).toBe(1);
});

it('an answer of a custom resource that nobody waits for is refused', async () => {
  const { ask } = control();
  expect(await ask('PUT', '/_local/cloudformation/{id}', { params: { id: 'known' } })).toEqual({ status: 200 });
  expect(await ask('PUT', '/_local/cloudformation/{id}', { params: { id: 'late' } })).toMatchObject({ status: 404 });
});
