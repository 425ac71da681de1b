import type { EventContract } from '@larder/contracts';
import { suggestion } from './nearest.ts';
import type { Scope } from './resolve.ts';
import type { Access, CalledRoute } from './service.ts';
import { bucketRights, foreignBucketRights, tableRights, topicRights } from './words.ts';
import type { AccessWord } from './words.ts';

// prettier-ignore
const kinds = ['table', 'bucket', 'topic', 'foreignBuckets', 'publish', 'call', 'secret', 'parameter', 'email', 'recognise', 'invalidate', 'produce'] as const;

/** What one may do with those kinds that one may do several things with. */
const rightsOf: { readonly [Kind in (typeof kinds)[number]]?: readonly string[] } = {
  table: tableRights,
  bucket: bucketRights,
  topic: topicRights,
  foreignBuckets: foreignBucketRights,
};

/** Turns the `access:` entries of one function into what it may do. */
export function resolveAccess(where: string, words: readonly AccessWord[], scope: Scope): Access {
  words.forEach((word, index) => checkShape(`${where}.access[${index}]`, word, scope));
  return {
    tables: words.flatMap(({ table, may = [] }) =>
      table === undefined
        ? []
        : written(where, `asks for the table '${table}'`, table, scope.tables, scope).map((known) => ({
            table: known,
            may: may.filter(isOneOf(tableRights)),
          })),
    ),
    buckets: words.flatMap(({ bucket, may = [] }) =>
      bucket === undefined
        ? []
        : written(where, `asks for the bucket '${bucket}'`, bucket, scope.buckets, scope).map((known) => ({
            bucket: known,
            may: may.filter(isOneOf(bucketRights)),
          })),
    ),
    topics: words.flatMap(({ topic, may = [] }) =>
      topic === undefined || !may.some(isOneOf(topicRights))
        ? []
        : written(where, `asks for the topic '${topic}'`, topic, scope.topics, scope),
    ),
    foreignBuckets: words.flatMap(({ foreignBuckets = '', may = [] }) =>
      foreignBuckets.split(',').flatMap((name) => (name === '' ? [] : [{ name, may: may.filter(isOneOf(foreignBucketRights)) }])),
    ),
    publishes: words.flatMap(({ publish }) => (publish === undefined ? [] : resolvePublish(where, publish, scope))),
    announces: [],
    calls: words.flatMap(({ call }) => (call === undefined ? [] : resolveCall(where, call, scope))),
    secrets: words.flatMap(({ secret }) => (secret === undefined ? [] : resolvePath(where, 'secret', secret, scope))),
    parameters: words.flatMap(({ parameter }) => (parameter === undefined ? [] : resolvePath(where, 'parameter', parameter, scope))),
    sendsEmail: words.some(({ email }) => email === 'send'),
    produces: words.flatMap(({ produce }) => (produce === undefined ? [] : resolveStream(where, produce, scope))),
    recognises: words.flatMap(({ recognise }) => recognise ?? []),
    invalidates: words.flatMap(({ invalidate }) =>
      invalidate === undefined
        ? []
        : written(where, `invalidates the distribution '${invalidate}'`, invalidate, scope.distributions, scope),
    ),
  };
}

function checkShape(where: string, word: AccessWord, scope: Scope): void {
  const said = kinds.filter((kind) => word[kind] !== undefined);
  if (said.length !== 1) scope.problem(where, `says ${said.join(' and ') || 'nothing'}; say one of ${kinds.join(', ')} in each entry.`);
  const [kind] = said;
  const rights = kind && rightsOf[kind];
  if (rights && word.may === undefined)
    scope.problem(where, `say what the function may do, as in 'may: [${rights.slice(0, 2).join(', ')}]'.`);
  if (!rights && word.may !== undefined) scope.problem(where, `'may' belongs to a table, a bucket or a topic; remove it.`);
  for (const right of word.may ?? []) {
    if (rights && !isOneOf(rights)(right))
      scope.problem(where, `'${right}' is nothing that one does with a ${kind}; say ${rights.join(', ')}.`);
  }
}

const isOneOf =
  <Right extends string>(rights: readonly Right[]) =>
  (right: string): right is Right =>
    (rights as readonly string[]).includes(right);

export function resolveStream(where: string, stream: string, scope: Scope): string[] {
  return written(where, `asks for the stream '${stream}'`, stream, scope.ownStreams, scope);
}

/** What resources.yml has; of what it lacks a sentence is told. */
function written(where: string, says: string, id: string, ids: readonly string[], scope: Scope): string[] {
  if (ids.includes(id)) return [id];
  scope.problem(where, `${says}, which resources.yml lacks${suggestion(id, ids)}`);
  return [];
}

function resolvePublish(where: string, type: string, scope: Scope): EventContract[] {
  const event = scope.events.find((contract) => contract.type === type);
  if (event?.owner === scope.service) return [event];
  if (event) {
    scope.problem(where, `publishes ${type}, but only ${event.owner} may; publish an event of ${scope.service} instead.`);
  } else {
    scope.problem(where, `${type} is no contract${suggestion(type, ownedBy(scope.service, scope))}`);
  }
  return [];
}

function resolveCall(where: string, call: string, scope: Scope): CalledRoute[] {
  const [service = '', name = ''] = call.split('.');
  const api = scope.apis.find((contract) => contract.service === service);
  const contract = api?.routes[name];
  if (!contract) {
    const callable = scope.apis.flatMap((one) => Object.keys(one.routes).map((route) => `${one.service}.${route}`));
    scope.problem(where, `calls ${call}, which is no route of any API contract${suggestion(call, callable)}`);
    return [];
  }
  if (service === scope.service) {
    scope.problem(where, `calls ${call}, a route of its own service; import the rule instead.`);
    return [];
  }
  if (contract.auth === 'jwt') {
    scope.problem(where, `calls ${call}, which is for signed-in people; call a route whose contract says auth 'iam', 'key' or 'public'.`);
    return [];
  }
  return [{ service, name, contract }];
}

function resolvePath(where: string, kind: 'secret' | 'parameter', path: string, scope: Scope): string[] {
  if (/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/.test(path)) return [path];
  scope.problem(where, `'${path}' is no name of a ${kind}; write whose it is and its name, as in 'psp-sandbox/api-key'.`);
  return [];
}

const ownedBy = (service: string, scope: Scope): string[] => scope.events.filter(({ owner }) => owner === service).map(({ type }) => type);
