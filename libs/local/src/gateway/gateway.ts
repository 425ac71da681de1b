import { listenOnLoopback, type Listening } from '../endpoint/listen.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createRegistry, type Registry } from './registry.ts';
import { gatewayResourceTypes } from './resources.ts';
import { createServe, type GatewayDependencies } from './serve.ts';

export type { GatewayDependencies } from './serve.ts';
export { ROOT_CREDENTIALS } from '../iam/credentials.ts';

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

/** HTTP APIs of all services at one address: the first segment of a path is the service. */
export async function createGateway(kernel: Kernel, dependencies: GatewayDependencies): Promise<Gateway> {
  const registry = createRegistry(kernel);
  const serve = createServe(kernel, registry, dependencies);
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
