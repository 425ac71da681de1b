import * as z from 'zod/mini';
import { defineApi, type ApiContract, type RouteContract } from '../src/define-api.ts';
import { defineEvent, type EventContract, type ObjectSchema } from '../src/define-event.ts';
import { defineStream, type StreamContract } from '../src/define-stream.ts';
import { toAsyncApi } from './asyncapi.ts';
import { breakingChanges, type Documents } from './breaking-changes.ts';
import { toOpenApi } from './openapi.ts';
import { toUsage } from './usage.ts';

const usages = [
  toUsage('{service: press, functions: {read: {events: [{subscribe: kitchen.JamMade.v1}]}}}'),
  toUsage('{service: kitchen, functions: {weigh: {events: [{streamRecords: Weights}]}}}'),
  toUsage('{service: till, functions: {sell: {access: [{call: kitchen.getJam}]}}}'),
];
const text = z.string();

const jam = { fruit: text, grams: z.int().check(z.gte(1)), lid: z.optional(z.enum(['red', 'green'])) };

describe('an event', () => {
  const change = (after: Record<string, z.ZodMiniType>) => ofEvents([jamMade(jam)], [jamMade(after)]);

  it('may gain an optional field, at any depth', () => {
    expect(change({ ...jam, label: z.optional(z.object({ text })) })).toEqual([]);
    expect(
      ofEvents(
        [jamMade({ ...jam, maker: z.object({ name: text }) })],
        [jamMade({ ...jam, maker: z.object({ name: text, age: z.optional(z.int()) }) })],
      ),
    ).toEqual([]);
  });

  it('may be joined by its next version', () => {
    expect(ofEvents([jamMade(jam)], [jamMade(jam), jamMade(jam, 'kitchen.JamMade.v2')])).toEqual([]);
  });

  it.each<[string, Record<string, z.ZodMiniType>, string]>([
    ['lose a field', { fruit: text, grams: jam.grams }, '/data/lid is gone'],
    ['gain a required field: older events in queues and archives do not have it', { ...jam, pot: text }, '/data/pot is new and required'],
    ['stop promising a field', { ...jam, fruit: z.optional(text) }, '/data/fruit was required and is optional'],
    ['start to require a field', { ...jam, lid: z.enum(['red', 'green']) }, '/data/lid was optional and is required'],
    ['change a type', { ...jam, fruit: z.int() }, '/data/fruit type was "string" and is "integer"'],
    ['take a new value', { ...jam, lid: z.optional(z.enum(['red', 'green', 'blue'])) }, '/data/lid blue is a new value'],
    ['drop a value', { ...jam, lid: z.optional(z.enum(['red'])) }, '/data/lid green is no value any more'],
    ['move a bound', { ...jam, grams: z.int().check(z.gte(0)) }, '/data/grams minimum was 1 and is 0'],
  ])('may not %s', (_, after, what) => {
    expect(change(after)).toContainEqual({ contract: 'kitchen.JamMade.v1', what, consumers: ['press'] });
  });

  it('may not disappear', () => {
    expect(ofEvents([jamMade(jam)], [])).toEqual([{ contract: 'kitchen.JamMade.v1', what: 'the contract is gone', consumers: ['press'] }]);
  });
});

describe('a stream', () => {
  const weights = (records: Record<string, ObjectSchema>) =>
    defineStream({
      ...{ name: 'kitchen.Weights.v1', description: 'What the scales say.', records, key: ({ id }) => id },
      ...{ expected: { eventsPerSecond: 1, bytesPerEvent: 100 } },
      example: { id: 'w-1', time: '2026-11-02T09:30:00.000Z', type: 'weighed', grams: 340 },
    }) as unknown as StreamContract;
  const before = weights({ weighed: z.object({ grams: z.int() }) });
  const change = (records: Record<string, ObjectSchema>) =>
    breakingChanges(documents([], [], [before]), documents([], [], [weights(records)]), usages);

  it('may gain a type, and an optional field', () => {
    expect(change({ weighed: z.object({ grams: z.int(), lid: z.optional(text) }), broken: z.object({}) })).toEqual([]);
  });

  it.each<[string, Record<string, ObjectSchema>, string]>([
    ['lose a type', { broken: z.object({}) }, 'the contract is gone'],
    ['change a field', { weighed: z.object({ grams: text }) }, '/grams type was "integer" and is "string"'],
  ])('may not %s', (_, after, what) => {
    expect(change(after)).toContainEqual({ contract: 'kitchen.Weights.v1.weighed', what, consumers: ['kitchen'] });
  });
});

describe('a route', () => {
  const before: RouteContract = {
    method: 'GET',
    path: '/jam/{fruit}',
    auth: 'iam',
    summary: 'Look up a jam',
    params: z.object({ fruit: text }),
    query: z.object({ lid: z.optional(z.enum(['red', 'green'])) }),
    success: { status: 200, body: z.object({ grams: z.int().check(z.gte(1)), lid: z.optional(text), size: z.enum(['S', 'L']) }) },
    errors: { EATEN: { status: 404, description: 'It has been eaten.' } },
    example: { params: { fruit: 'plum' }, response: {} },
  };
  const answer = (shape: Record<string, z.ZodMiniType>): Partial<RouteContract> => ({
    success: { status: 200, body: z.object({ ...before.success.body.shape, ...shape }) },
  });

  it.each<[string, Partial<RouteContract>]>([
    ['ask for something optional', { query: z.object({ lid: z.optional(z.enum(['red', 'green'])), pot: z.optional(text) }) }],
    ['take more values', { query: z.object({ lid: z.optional(z.enum(['red', 'green', 'blue'])) }) }],
    ['answer more', answer({ pot: text })],
    ['promise what it gave now and then', answer({ lid: text })],
    ['answer fewer values', answer({ size: z.enum(['S']) })],
    ['answer within narrower bounds', answer({ grams: z.int().check(z.gte(10)) })],
    ['have another error', { errors: { ...before.errors, MOULDY: { status: 410, description: 'Too late.' } } }],
    ['never fail again', { errors: {} }],
    ['be described better', { summary: 'Look up a jam, by its fruit' }],
  ])('may %s', (_, change) => {
    expect(ofRoutes(before, { ...before, ...change })).toEqual([]);
  });

  it.each<[string, Partial<RouteContract>, string]>([
    ['require something new', { query: z.object({ ...before.query?.shape, pot: text }) }, '/query/pot is new and required'],
    ['take fewer values', { query: z.object({ lid: z.optional(z.enum(['red'])) }) }, '/query/lid green is no value any more'],
    ['forget a parameter', { query: z.object({}) }, '/query/lid is gone'],
    ['require a key', { method: 'POST', idempotencyKey: 'required' }, '/header/Idempotency-Key is new and required'],
    ['require a body', { body: z.object({ pot: text }) }, '/body is new and required'],
    [
      'answer less',
      { success: { status: 200, body: z.object({ grams: before.success.body.shape['grams']!, size: z.enum(['S', 'L']) }) } },
      '/lid is gone',
    ],
    ['answer another value', answer({ size: z.enum(['S', 'M', 'L']) }), '/size M is a new value'],
    ['answer out of bounds', answer({ grams: z.int().check(z.gte(0)) }), '/grams minimum was 1 and is 0'],
    ['answer with another status', { success: { ...before.success, status: 202 } }, 'it answers 202, and was 200'],
    ['move', { path: '/jams/{fruit}' }, 'it is asked GET /kitchen/jams/{fruit}, and was GET /kitchen/jam/{fruit}'],
    ['close its door', { auth: 'key' }, 'it is open to key, and was iam'],
    [
      'give an error another status',
      { errors: { EATEN: { status: 410, description: 'Gone.' } } },
      'the error EATEN has status 410, and was 404',
    ],
  ])('may not %s', (_, change, what) => {
    expect(ofRoutes(before, { ...before, ...change })).toContainEqual({ contract: 'kitchen.getJam', what, consumers: ['till'] });
  });

  it('may not disappear, and one that anybody can call breaks more than services', () => {
    expect(ofRoutes({ ...before, auth: 'public' }, undefined)).toEqual([
      { contract: 'kitchen.getJam', what: 'the contract is gone', consumers: ['till', 'everybody who calls the public API'] },
    ]);
  });
});

function jamMade(shape: Record<string, z.ZodMiniType>, type: `${string}.${string}.v${number}` = 'kitchen.JamMade.v1'): EventContract {
  const data: ObjectSchema = z.object(shape);
  return {
    ...defineEvent({ type, description: 'Jam was made.', data, subject: () => 'plum', example: exampleOf(shape) }),
  } as EventContract;
}

function exampleOf(shape: Record<string, z.ZodMiniType>): Record<string, unknown> {
  const candidates = ['red', 340, { name: 'Ann' }];
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, candidates.find((value) => z.safeParse(schema, value).success)]),
  );
}

function ofEvents(before: EventContract[], after: EventContract[]) {
  return breakingChanges(documents(before, []), documents(after, []), usages);
}

function ofRoutes(before: RouteContract, after: RouteContract | undefined) {
  const api = (route: RouteContract | undefined) =>
    defineApi({ service: 'kitchen', description: 'Jam.', routes: route ? { getJam: route } : {} });
  return breakingChanges(documents([], [api(before)]), documents([], [api(after)]), usages);
}

/** The documents as they would be read from a file. */
function documents(events: EventContract[], apis: ApiContract[], streams: StreamContract[] = []): Documents {
  const openApis = Object.fromEntries(apis.map((api) => [api.service, toOpenApi(api)]));
  return JSON.parse(JSON.stringify({ asyncApi: toAsyncApi(events, streams, usages), openApis })) as Documents;
}
