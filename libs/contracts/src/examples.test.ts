import * as z from 'zod/mini';
import type { RouteContract } from './define-api.ts';
import type { ObjectSchema } from './define-event.ts';
import { apis, events } from './registry.ts';
import { decode, encode } from './wire.ts';

const routes = apis.flatMap(({ service, routes }) =>
  Object.entries(routes).map(([name, route]) => ({ name: `${service}.${name}`, route })),
);

describe.each(events)('$type', (contract) => {
  const publish = (data: object) =>
    encode(contract, { id: '1', time: new Date(0), data: data as Record<string, unknown>, correlationId: '1', causationId: '1' });
  const deliver = (detail: object) => decode([contract], { source: contract.source, 'detail-type': contract.detailType, detail });

  it('has an example that can be published and received', () => {
    const { Source, DetailType, Detail } = publish(contract.example);
    expect({ Source, DetailType }).toEqual({ Source: contract.source, DetailType: contract.detailType });
    expect(deliver(JSON.parse(Detail) as object).data).toEqual(contract.example);
  });

  it('is published with no field that the contract does not know, and received with any', () => {
    const more = { ...contract.example, addedInTheNextVersion: true };
    expect(() => publish(more)).toThrow(expect.objectContaining({ code: 'UNKNOWN_FIELDS' }));
    const detail = { ...(JSON.parse(publish(contract.example).Detail) as object), data: more, another: 1 };
    expect(deliver(detail).data).toEqual(contract.example);
  });

  it.each(requiredFields(contract.data))('is refused without %s by publisher and subscriber', (field) => {
    const { [field]: _, ...less } = contract.example as Record<string, unknown>;
    const detail = { ...(JSON.parse(publish(contract.example).Detail) as object), data: less };
    expect(() => publish(less)).toThrow(expect.objectContaining({ code: 'BREAKS_CONTRACT' }));
    expect(() => deliver(detail)).toThrow(expect.objectContaining({ code: 'BREAKS_CONTRACT' }));
  });

  it('is about something: its subject is an id in the payload', () => {
    const subject = contract.subject(contract.example);
    expect(subject).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
    expect(Object.values(contract.example)).toContain(subject);
  });

  it('fits an EventBridge rule: its names are not longer than AWS allows', () => {
    expect(contract.source.length).toBeLessThanOrEqual(256);
    expect(contract.detailType.length).toBeLessThanOrEqual(128);
  });
});

describe.each(routes)('$name', ({ route }) => {
  it('has an example that satisfies what it asks for and what it answers', () => {
    expect(problems(route.params, route.example.params)).toEqual([]);
    expect(problems(route.query, route.example.query)).toEqual([]);
    expect(problems(route.body, route.example.body)).toEqual([]);
    expect(problems(route.success.body, route.example.response)).toEqual([]);
  });

  it('declares the parameters of its path, and no others', () => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
  });

  it('has errors in capitals, with the status of an error', () => {
    for (const [code, { status, description }] of Object.entries(route.errors ?? {})) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(description).toMatch(/\.$/);
    }
  });

  it('can be asked again when it says so: a GET changes nothing and takes no body', () => {
    if (route.method === 'GET') expect({ body: route.body, idempotencyKey: route.idempotencyKey }).toEqual({});
  });
});

it('no two routes of a service answer the same question', () => {
  const places = apis.flatMap(({ service, routes }) => Object.values(routes).map((route) => `${service} ${shapeOf(route)}`));
  expect(new Set(places).size).toBe(places.length);
});

/** `GET /products/{}`: what API Gateway tells routes apart by. */
function shapeOf({ method, path }: RouteContract): string {
  return `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
}

function problems(schema: ObjectSchema | undefined, example: unknown): unknown[] {
  if (!schema) return example === undefined ? [] : ['an example of what is not declared'];
  const parsed = schema.safeParse(example ?? {});
  return parsed.success ? [] : parsed.error.issues;
}

function requiredFields({ shape }: ObjectSchema): string[] {
  return Object.keys(shape).filter((field) => !z.safeParse(shape[field]!, undefined).success);
}
