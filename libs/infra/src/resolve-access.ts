import type { EventContract } from '@larder/contracts';
import { suggestion } from './nearest.ts';
import type { Scope } from './resolve.ts';
import type { Access, CalledRoute } from './service.ts';
import type { AccessWord, TableRight } from './words.ts';

const kinds = ['table', 'publish', 'call', 'secret', 'parameter', 'email'] as const;

/** Turns the `access:` entries of one function into what it may do. */
export function resolveAccess(where: string, words: readonly AccessWord[], scope: Scope): Access {
  words.forEach((word, index) => checkShape(`${where}.access[${index}]`, word, scope));
  const tables = words.flatMap(({ table, may }) => (table === undefined ? [] : resolveTable(where, table, may ?? [], scope)));
  return {
    tables,
    publishes: words.flatMap(({ publish }) => (publish === undefined ? [] : resolvePublish(where, publish, scope))),
    calls: words.flatMap(({ call }) => (call === undefined ? [] : resolveCall(where, call, scope))),
    secrets: words.flatMap(({ secret }) => (secret === undefined ? [] : resolvePath(where, 'secret', secret, scope))),
    parameters: words.flatMap(({ parameter }) => (parameter === undefined ? [] : resolvePath(where, 'parameter', parameter, scope))),
    sendsEmail: words.some(({ email }) => email === 'send'),
  };
}

function checkShape(where: string, word: AccessWord, scope: Scope): void {
  const said = kinds.filter((kind) => word[kind] !== undefined);
  if (said.length !== 1) scope.problem(where, `says ${said.join(' and ') || 'nothing'}; say one of ${kinds.join(', ')} in each entry.`);
  if (said[0] === 'table' && word.may === undefined) scope.problem(where, `say what the function may do, as in 'may: [read, write]'.`);
  if (said[0] !== 'table' && word.may !== undefined) scope.problem(where, `'may' belongs to a table only; remove it.`);
}

function resolveTable(where: string, table: string, may: readonly TableRight[], scope: Scope): Access['tables'] {
  if (scope.tables.includes(table)) return [{ table, may }];
  scope.problem(where, `asks for the table '${table}', which resources.yml lacks${suggestion(table, scope.tables)}`);
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
