import { breakingDifferences, type Difference } from './compare-schemas.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Usage } from './usage.ts';

/** A contract that does not hold any more what it promised. */
export interface BreakingChange {
  /** `orders.OrderPlaced.v1`, or `orders.getOrder`. */
  readonly contract: string;
  readonly what: string;
  /** The services that would break, or who else relies on it. */
  readonly consumers: readonly string[];
}

export interface Documents {
  readonly asyncApi: AsyncApi;
  /** By service. */
  readonly openApis: Readonly<Record<string, OpenApi>>;
}

export interface AsyncApi {
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: JsonSchema }>> };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema; readonly examples?: Readonly<Record<string, unknown>> }>>;

/**
 * What the documents of now take back that those of before promised, and who relies on it.
 * Within a version there are only additions: a breaking change is a new version beside the old one.
 */
export function breakingChanges(before: Documents, after: Documents, usages: readonly Usage[]): BreakingChange[] {
  return [...ofEvents(before.asyncApi, after.asyncApi, usages), ...ofRoutes(before.openApis, after.openApis, usages)];
}

function ofEvents(before: AsyncApi, after: AsyncApi, usages: readonly Usage[]): BreakingChange[] {
  return Object.entries(before.components.messages).flatMap(([type, { payload }]) => {
    const now = after.components.messages[type];
    const consumers = usages.filter((usage) => receives(usage, type)).map(({ service }) => service);
    const differences = now ? breakingDifferences(payload, now.payload, 'both') : [gone];
    return differences.map((difference) => ({ contract: type, what: inWords(difference), consumers }));
  });
}

/** @param type of an event, or `<stream>.v<n>.<type>`. */
function receives({ subscribes, reads }: Usage, type: string): boolean {
  return subscribes.has(type) || [...reads.keys()].some((stream) => type.startsWith(`${stream}.v`));
}

function ofRoutes(before: Documents['openApis'], after: Documents['openApis'], usages: readonly Usage[]): BreakingChange[] {
  return Object.entries(before).flatMap(([service, { paths }]) => {
    const now = routesOf(after[service]?.paths ?? {});
    return [...routesOf(paths)].flatMap(([name, old]) => {
      const contract = `${service}.${name}`;
      const callers = usages.filter(({ calls }) => calls.has(contract)).map((usage) => usage.service);
      const isOpen = old.operation.security.length === 0 || old.operation.security.some((scheme) => 'jwt' in scheme);
      const consumers = isOpen ? [...callers, 'everybody who calls the public API'] : callers;
      const route = now.get(name);
      const differences = route ? ofRoute(old, route) : [gone];
      return differences.map((difference) => ({ contract, what: inWords(difference), consumers }));
    });
  });
}

interface Route {
  readonly place: string;
  readonly operation: Operation;
}

function routesOf(paths: OpenApi['paths']): Map<string, Route> {
  return new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        operation.operationId,
        { place: `${method.toUpperCase()} ${path}`, operation },
      ]),
    ),
  );
}

function ofRoute(before: Route, after: Route): Difference[] {
  const [old, now] = [before.operation, after.operation];
  const oldStatus = successOf(old);
  const nowStatus = successOf(now);
  return [
    ...changed('it is asked', before.place, after.place),
    ...changed('it is open to', authOf(old), authOf(now)),
    ...changed('it answers', oldStatus, nowStatus),
    ...breakingDifferences(requestOf(old), requestOf(now), 'writes'),
    ...breakingDifferences(answerOf(old, oldStatus), answerOf(now, nowStatus), 'reads'),
    ...ofErrors(old, now),
  ];
}

/** All that is sent, as one schema: `/path/orderId`, `/query/limit`, `/header/Idempotency-Key`, `/body/lines`. */
function requestOf({ parameters, requestBody }: Operation): JsonSchema {
  const places = Object.entries(Object.groupBy(parameters, (parameter) => parameter.in)).map(([place, group = []]) => {
    const properties = Object.fromEntries(group.map(({ name, schema }) => [name, schema]));
    return [place, { properties, required: group.filter(({ required }) => required).map(({ name }) => name) }] as const;
  });
  const body = requestBody?.content['application/json']?.schema;
  const empty = { path: {}, query: {}, header: {} };
  return { properties: { ...empty, ...Object.fromEntries(places), ...(body && { body }) }, ...(body && { required: ['body'] }) };
}

function answerOf({ responses }: Operation, status: string): JsonSchema {
  return responses[status]?.content?.['application/json']?.schema ?? {};
}

/** A code may be added, and one may never come again; but a code that comes keeps its status. */
function ofErrors(before: Operation, after: Operation): Difference[] {
  const now = new Map(errorsOf(after));
  return errorsOf(before).flatMap(([code, status]) => changed(`the error ${code} has status`, status, now.get(code) ?? status));
}

function errorsOf({ responses }: Operation): [code: string, status: string][] {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}).map((code): [string, string] => [code, status]),
  );
}

const gone: Difference = { pointer: '', message: 'the contract is gone' };
const successOf = ({ responses }: Operation): string => Object.keys(responses).find((status) => status.startsWith('2')) ?? 'nothing';
const authOf = ({ security }: Operation): string => security.flatMap((scheme) => Object.keys(scheme)).join(', ') || 'anyone';
const inWords = ({ pointer, message }: Difference): string => (pointer ? `${pointer} ${message}` : message);

function changed(what: string, before: string, after: string): Difference[] {
  return before === after ? [] : [{ pointer: '', message: `${what} ${after}, and was ${before}` }];
}
