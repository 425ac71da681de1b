import { Command } from 'commander';
import type { CloudStatus, RouteStatus } from '../control/status.ts';
import { clientOf } from './client.ts';
import { Failure } from './failure.ts';
import { readData } from './input.ts';
import { sendSigned, type UnsignedRequest } from './signed-request.ts';

/** What `--data` of `call` may hold. */
interface CallData {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function callCommand(): Command {
  return new Command('call')
    .description('Calls a route of a service and prints the body of the answer. The exit code is 1 for a status of 400 or more.')
    .argument('<service.route>', 'the route by the function that serves it, or as "service.GET /path"')
    .option('-d, --data <json>', '{ params, query, headers, body } as JSON, @file, or - for standard input', '{}')
    .addHelpText(
      'after',
      `\nRoutes are called as somebody who may do everything (signed with SigV4).\n\nExample:\n  npm run local -- call inventory.getStock --data '{"params":{"productId":"hummus"}}'`,
    )
    .action(async (route: string, { data }: { data: string }, command: Command) => {
      const input = toCallData(readData(data));
      const status = await clientOf(command).get<CloudStatus>('/_local/status');
      const response = await sendSigned(toRequest(findRoute(status, route), input));
      const text = await response.text();
      console.log(pretty(text));
      if (response.ok) return;
      console.error(`${response.status} ${response.statusText}`);
      process.exitCode = 1;
    });
}

function toCallData(data: unknown): CallData {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  throw new Failure('--data of call is an object: { params, query, headers, body }.', { exitCode: 2 });
}

/** Finds a route by `service.function` or `service.METHOD /path`. */
export function findRoute(status: CloudStatus, wanted: string): RouteStatus {
  const [, serviceName = wanted, name = ''] = /^([^.]+)\.(.+)$/.exec(wanted) ?? [];
  const service = status.services.find((each) => each.name === serviceName);
  if (service === undefined) {
    const names = status.services.map((each) => each.name).join(', ');
    throw new Failure(`There is no service '${serviceName}' here. There are: ${names}. Write <service>.<route>.`, { exitCode: 2 });
  }
  const found = service.routes.find((route) => route.function === name || `${route.method} ${route.path}` === name);
  if (found !== undefined) return found;
  const names = service.routes.map((route) => `${route.function ?? '?'} (${route.method} ${route.path})`).join(', ') || 'none';
  const problem =
    name === '' ? `Which route of ${serviceName}? Write ${serviceName}.<route>.` : `The service ${serviceName} has no route '${name}'.`;
  throw new Failure(`${problem} It has: ${names}.`, { exitCode: 2 });
}

/** Puts parameters into their places: `{name}` in the path, the query, the body. */
export function toRequest(route: RouteStatus, { params = {}, query = {}, headers = {}, body }: CallData): UnsignedRequest {
  const url = new URL(
    route.url.replace(/\{([\w.:-]+)(\+?)\}/g, (_, name: string, greedy: string) => {
      const value = params[name];
      if (value === undefined) throw new Failure(`The route ${route.path} needs params.${name} in --data.`, { exitCode: 2 });
      return greedy ? String(value).split('/').map(encodeURIComponent).join('/') : encodeURIComponent(String(value));
    }),
  );
  for (const [name, value] of Object.entries(query)) for (const each of [value].flat()) url.searchParams.append(name, String(each));
  // A plus stands for a space in forms only; a signature takes it for itself.
  url.search = url.search.replaceAll('+', '%20');
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = route.method === 'ANY' ? (body === undefined ? 'GET' : 'POST') : route.method;
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) throw new Failure(`A ${method} takes no body.`, { exitCode: 2 });
  return { method, url, headers: { ...type, ...headers }, body: body === undefined ? undefined : JSON.stringify(body) };
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
