import type { ApiContract, EventContract, StreamContract } from '@larder/contracts';
import type { Resource, Resources } from './cloudformation.ts';
import { suggestion } from './nearest.ts';
import { tooLongNames } from './naming.ts';
import type { FunctionConfig, FunctionEvent } from './osls.ts';
import { resolveAccess, resolveStream } from './resolve-access.ts';
import { resolveSubscription } from './resolve-subscription.ts';
import { publisherKey } from './service.ts';
import type { Access, ServedRoute, Service, ServiceFunction } from './service.ts';

/** All the promises that services have made each other. */
export interface Contracts {
  readonly events: readonly EventContract[];
  readonly apis: readonly ApiContract[];
  readonly streams: readonly StreamContract[];
}

/** A service as it is written. */
export interface WrittenService {
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  /** Seconds, of a function that does not say. */
  readonly timeout: number;
  readonly functions: Readonly<Record<string, FunctionConfig>>;
  readonly resources: Resources;
  readonly standalone: boolean;
  /** `custom.larder.bus`. */
  readonly bus: string | undefined;
}

/** What words are looked up in, and where sentences about mistakes are collected. */
export interface Scope extends Contracts {
  readonly service: string;
  readonly tables: readonly string[];
  readonly buckets: readonly string[];
  readonly distributions: readonly string[];
  readonly ownStreams: readonly string[];
  readonly topics: readonly string[];
  /** `where` is the path in `serverless.yml`; `what` says how to mend it. */
  problem(where: string, what: string): void;
}

/**
 * Looks up every word of a service in the contracts and in its resources.
 *
 * @returns the service, without what could not be resolved, and one sentence for each mistake.
 */
export function resolveService(written: WrittenService, contracts: Contracts): { service: Service; problems: readonly string[] } {
  const problems: string[] = [];
  const ofType = (type: string): Resources => Object.fromEntries(Object.entries(written.resources).filter(([, { Type }]) => Type === type));
  const tables = ofType('AWS::DynamoDB::Table');
  const buckets = ofType('AWS::S3::Bucket');
  const streams = ofType('AWS::Kinesis::Stream');
  const topics = ofType('AWS::SNS::Topic');
  const scope: Scope = {
    ...contracts,
    service: written.name,
    tables: Object.keys(tables),
    buckets: Object.keys(buckets),
    distributions: Object.keys(ofType('AWS::CloudFront::Distribution')),
    ownStreams: Object.keys(streams),
    topics: Object.keys(topics),
    problem: (where, what) => problems.push(`${where}: ${what}`),
  };
  const functions = Object.entries(written.functions).map(([key, config]) => resolveFunction(key, config, written, scope));
  checkRoutes(functions, scope);
  checkBucketChanges(functions, scope);
  for (const { key, subscription } of functions) {
    const detailTypes = subscription?.events.map((event) => event.detailType) ?? [];
    problems.push(...tooLongNames(written.name, written.stage, written.region, key, detailTypes));
  }
  const topicsWithPolicy = Object.values(ofType('AWS::SNS::TopicPolicy')).flatMap(topicsOf);
  const { name, stage, region, standalone, bus = '' } = written;
  if (standalone) checkStandalone(functions, scope);
  else if (written.bus !== undefined) scope.problem('custom.larder.bus', `the platform has a bus; remove it, or say 'standalone: true'.`);
  return {
    service: {
      name,
      stage,
      region,
      standalone,
      bus,
      production: stage === 'production',
      functions,
      tables,
      buckets,
      streams,
      topics,
      topicsWithPolicy,
    },
    problems,
  };
}

/** Logical ids of the topics that a policy is for. */
function topicsOf({ Properties }: Resource): string[] {
  return [Properties?.['Topics'] ?? []]
    .flat()
    .flatMap((topic) => (typeof topic === 'object' && 'Ref' in topic ? [String(topic['Ref'])] : []));
}

function resolveFunction(key: string, config: FunctionConfig, written: WrittenService, scope: Scope): ServiceFunction {
  const where = `functions.${key}`;
  if (config.role !== undefined) {
    scope.problem(`${where}.role`, `every function gets a role of its own, with what 'access' lists; remove 'role'.`);
  }
  if (key === publisherKey) scope.problem(where, `this name is taken by the function that publishes the outbox; choose another.`);
  const events = config.events ?? [];
  const subscription = resolveSubscription(
    where,
    events.flatMap(({ subscribe }) => subscribe ?? []),
    scope,
  );
  checkReserved(where, config.reservedConcurrency, subscription?.concurrency, scope);
  return {
    key,
    name: config.name ?? `${written.name}-${written.stage}-${key}`,
    timeout: config.timeout ?? written.timeout,
    subscription,
    routes: events.flatMap(({ route }) => (route === undefined ? [] : resolveRoute(where, route, scope))),
    tableChanges: events.flatMap(({ tableChange }) => (tableChange === undefined ? [] : resolveTable(where, tableChange, scope))),
    streamRecords: events.flatMap(({ streamRecords }) => (streamRecords === undefined ? [] : resolveRead(where, streamRecords, scope))),
    wholeBus: resolveWholeBus(where, events, scope),
    bucketChange: resolveBucketChange(
      where,
      events.flatMap(({ bucketChange }) => bucketChange ?? []),
      subscription !== undefined,
      scope,
    ),
    access: toStandalone(resolveAccess(where, config.access ?? [], scope), written),
  };
}

/**
 * A queue's mapping knows nothing of what its function has reserved: what it sends too much is throttled, is counted as a try, and ends
 * among the dead letters. Nothing reserved at all is a function that is switched off.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
function checkReserved(where: string, reserved: number | undefined, concurrency: number | undefined, scope: Scope): void {
  if (!reserved || concurrency === undefined || reserved >= concurrency) return;
  scope.problem(
    `${where}.reservedConcurrency`,
    `${reserved} is less than the ${concurrency} batches that its queue sends at once; reserve ${concurrency}, or lower 'concurrency' where it subscribes.`,
  );
}

/** Bus and issuer of tokens are the platform's. */
function checkStandalone(functions: readonly ServiceFunction[], scope: Scope): void {
  for (const { key, subscription, wholeBus, routes } of functions) {
    const needs = [
      ...(subscription || wholeBus ? ['subscribes'] : []),
      ...(routes.some(({ contract }) => contract.auth === 'jwt') ? ['serves signed-in people'] : []),
    ];
    if (needs.length > 0)
      scope.problem(`functions.${key}`, `${needs.join(', ')}, which needs the platform; remove it, or custom.larder.standalone.`);
  }
}

function resolveRoute(where: string, name: string, scope: Scope): ServedRoute[] {
  const api = scope.apis.find(({ service }) => service === scope.service);
  const contract = api?.routes[name];
  if (contract) return [{ name, contract }];
  if (api) {
    scope.problem(where, `'${name}' is no route of ${scope.service}'s API contract${suggestion(name, Object.keys(api.routes))}`);
  } else {
    scope.problem(
      where,
      `serves the route '${name}', but ${scope.service} has no API contract; declare one with defineApi and add it to the registry.`,
    );
  }
  return [];
}

function resolveTable(where: string, table: string, scope: Scope): string[] {
  if (scope.tables.includes(table)) return [table];
  scope.problem(where, `'${table}' is no table of resources.yml${suggestion(table, scope.tables)}`);
  return [];
}

/** A stream of the service's own by its logical id, or one of another service by the name of its contract. */
function resolveRead(where: string, stream: string, scope: Scope): string[] {
  if (!stream.includes('.')) return resolveStream(where, stream, scope);
  const contract = scope.streams.find(({ name }) => name === stream);
  if (contract && contract.owner !== scope.service) return [stream];
  const names = scope.streams.map(({ name }) => name);
  if (contract) scope.problem(where, `${stream} is ${scope.service}'s own; name it as resources.yml does.`);
  else scope.problem(where, `${stream} is no contract${suggestion(stream, names)}`);
  return [];
}

/** One queue has one kind of message. */
function resolveWholeBus(where: string, events: readonly FunctionEvent[], scope: Scope): boolean {
  const asked = events.some(({ wholeBus }) => wholeBus === true);
  if (asked && events.some(({ subscribe, bucketChange }) => subscribe !== undefined || bucketChange !== undefined))
    scope.problem(where, `its queue takes the whole bus, or something else; give the other to a function of its own.`);
  return asked;
}

/** S3 tells one target of an event. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
function checkBucketChanges(functions: readonly ServiceFunction[], scope: Scope): void {
  const takers = Map.groupBy(functions, ({ bucketChange }) => bucketChange);
  for (const [bucket, fns] of takers) {
    if (bucket === undefined || fns.length < 2) continue;
    scope.problem('functions', `${fns.map(({ key }) => key).join(' and ')} take the changes of ${bucket}; let one of them.`);
  }
}

/** One queue has one kind of message. */
function resolveBucketChange(where: string, buckets: readonly string[], subscribes: boolean, scope: Scope): string | undefined {
  const [bucket, ...more] = buckets;
  if (bucket === undefined) return undefined;
  if (more.length > 0 || subscribes)
    scope.problem(where, `its queue takes the changes of one bucket, or events; give the other to a function of its own.`);
  if (scope.buckets.includes(bucket)) return bucket;
  scope.problem(where, `'${bucket}' is no bucket of resources.yml${suggestion(bucket, scope.buckets)}`);
  return undefined;
}

/** Without a platform there is no outbox: what a function says goes to the bus itself. */
function toStandalone(access: Access, { standalone }: WrittenService): Access {
  return standalone ? { ...access, publishes: [], announces: access.publishes } : access;
}

/** Every route of the contract is served, and by one function. */
function checkRoutes(functions: readonly ServiceFunction[], scope: Scope): void {
  const servers = Map.groupBy(
    functions.flatMap((fn) => fn.routes.map((route) => ({ route: route.name, fn: fn.key }))),
    ({ route }) => route,
  );
  for (const [route, entries] of servers) {
    if (entries.length < 2) continue;
    scope.problem(
      'functions',
      `the route '${route}' is served by ${entries.map(({ fn }) => fn).join(' and ')}; let one function serve it.`,
    );
  }
  const api = scope.apis.find(({ service }) => service === scope.service);
  for (const route of Object.keys(api?.routes ?? {})) {
    if (servers.has(route)) continue;
    scope.problem(
      'functions',
      `no function serves the route '${route}' of ${scope.service}'s API contract; add one with 'events: [{ route: ${route} }]'.`,
    );
  }
}
