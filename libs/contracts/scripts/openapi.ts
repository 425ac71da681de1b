import { idempotencyKey, type Page } from '../src/common.ts';
import type { ApiContract, Auth, RouteContract } from '../src/define-api.ts';
import { toJsonSchema } from './json-schema.ts';
import { problem, problemResponses } from './problems.ts';

/** Where a route answers below the gateway: the first segment is the service, and `/` is the service itself. */
export function publicPath(service: string, route: RouteContract): string {
  return `/${service}${route.path === '/' ? '' : route.path}`;
}

/** The OpenAPI 3.1 document of one service. https://spec.openapis.org/oas/v3.1.1.html */
export function toOpenApi({ service, description, routes }: ApiContract): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries(routes)) {
    (paths[publicPath(service, route)] ??= {})[route.method.toLowerCase()] = operation(service, name, route);
  }
  const used = new Set(Object.values(routes).map((route) => route.auth));
  const securitySchemes = Object.fromEntries(Object.entries(schemes).filter(([auth]) => used.has(auth as Auth)));
  return {
    openapi: '3.1.1',
    info: { title: `Larder: ${service}`, version: '1', description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [
      { url: 'http://localhost:4000', description: 'The laptop cloud' },
      { url: 'https://{domain}', description: 'A stage on AWS', variables: { domain: { default: 'api.larder.example' } } },
    ],
    tags: [{ name: service, description }],
    paths,
    components: { schemas: { Problem: problem }, securitySchemes },
  };
}

function operation(service: string, name: string, route: RouteContract): object {
  const { example, success, body } = route;
  return {
    operationId: name,
    summary: route.summary,
    tags: [service],
    security: route.auth === 'public' ? [] : [{ [route.auth]: [] }],
    parameters: [...parameters(route, 'path'), ...parameters(route, 'query'), ...keyHeader(route)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(body), example: example.body } } },
    }),
    responses: {
      [success.status]: { description: 'As asked.', content: toContent(success, example.response) },
      ...problemResponses(service, route),
    },
  };
}

function toContent({ body, media }: RouteContract['success'], example: unknown): object {
  if (media === 'text/html') return { [media]: { schema: { type: 'string' }, example: (example as Page).html } };
  return { 'application/json': { schema: toJsonSchema(body), example } };
}

function parameters(route: RouteContract, place: 'path' | 'query'): object[] {
  const declared = place === 'path' ? route.params : route.query;
  if (!declared) return [];
  const { properties = {}, required = [] } = toJsonSchema(declared);
  const examples = place === 'path' ? route.example.params : route.example.query;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
    ...(examples?.[name] !== undefined && { example: examples[name] }),
  }));
}

function keyHeader(route: RouteContract): object[] {
  if (route.idempotencyKey !== 'required') return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description:
        'Chosen by the caller, new for each thing that is asked for. The same key with the same body has one effect and one answer.',
      schema: toJsonSchema(idempotencyKey),
      example: '5f0c6f5e-6d0b-4a5c-9d5e-0a4f4b1f0c11',
    },
  ];
}

const schemes: Readonly<Record<Exclude<Auth, 'public'>, object>> = {
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The id token of a signed-in person.' },
  iam: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4 for execute-api, by a role that may call this route.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  key: { type: 'http', scheme: 'bearer', description: 'An API key of the provider, checked by the service.' },
};
