import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback, type Listening } from '../endpoint/listen.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createServeFunctionUrl, type FunctionUrlDependencies, urlIdOf } from './function-url.ts';
import { hostOf } from './incoming.ts';
import { createRegistry, type Registry } from './registry.ts';
import { gatewayResourceTypes } from './resources.ts';
import { createServe, type ApiDependencies } from './serve.ts';
export { ROOT_CREDENTIALS } from '../iam/credentials.ts';

/** Web distributions, by the names that they answer to. */
export interface WebSites {
  find(host: string): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
}

export interface GatewayDependencies extends ApiDependencies, FunctionUrlDependencies {
  readonly sites: WebSites;
}

/** A route, for whoever asks what there is. */
export interface RouteDescription {
  /** `ANY` for every method. */
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly auth: 'none' | 'jwt' | 'iam' | 'lambda';
  readonly functionName: string;
}

export interface Gateway extends Engine {
  /**
   * Listens on the loopback addresses.
   *
   * @param port 0 for any that is free.
   * @returns the port.
   * @throws {PortInUse}
   */
  listen(port: number): Promise<number>;
  /** Routes by service. */
  describe(): ReadonlyMap<string, readonly RouteDescription[]>;
}

/**
 * HTTP APIs of all services at one address, where the first segment of a path is the service; and, each under a name of its own, function URLs,
 * distributions, and the APIs once more (`<api id>.execute-api.localhost`).
 */
export async function createGateway(kernel: Kernel, dependencies: GatewayDependencies): Promise<Gateway> {
  const registry = createRegistry(kernel);
  const serveApi = createServe(kernel, registry, dependencies);
  const serveUrl = createServeFunctionUrl(kernel, dependencies);
  const serve = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const host = hostOf(request);
    const url = urlIdOf(host);
    if (url !== undefined) return serveUrl(url, request, response);
    return (dependencies.sites.find(host) ?? serveApi)(request, response);
  };
  let listening: Listening | undefined;
  return {
    services: [],
    resourceTypes: gatewayResourceTypes(kernel, registry),
    describe: () => describe(kernel, registry),
    async listen(port) {
      listening = await listenOnLoopback((request, response) => {
        serve(request, response).catch((error: unknown) => {
          kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message: `gateway: ${String(error)}` });
          response.destroy();
        });
      }, port);
      return listening.port;
    },
    close: async () => listening?.close(),
  };
}

function describe(kernel: Kernel, registry: Registry): Map<string, RouteDescription[]> {
  const services = new Map<string, RouteDescription[]>();
  for (const api of registry.all()) {
    const routes = [...api.routes.values()].map(({ method, path, authorization, integrationId }): RouteDescription => {
      const functionName = api.integrations.get(integrationId)?.functionName ?? '';
      return {
        method,
        path,
        url: `${kernel.gatewayUrl}/${api.service}${path === '$default' ? '/*' : path === '/' ? '' : path}`,
        auth: AUTH[authorization],
        functionName: /:function:([^:]+)/.exec(functionName)?.[1] ?? functionName,
      };
    });
    const sorted = routes.sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
    services.set(api.service, [...(services.get(api.service) ?? []), ...sorted]);
  }
  return services;
}

const AUTH = { NONE: 'none', JWT: 'jwt', AWS_IAM: 'iam', CUSTOM: 'lambda' } as const;
