import type { Kernel } from '../kernel/kernel.ts';
import type { Api, Route } from './model.ts';
import { createRouter, type Selected } from './select-route.ts';
import { createBuckets, type Buckets } from './throttle.ts';

/** The HTTP APIs that answer, by service. */
export interface Registry {
  byService(service: string): Api | undefined;
  byId(id: string): Api | undefined;
  put(api: Api): void;
  remove(id: string): void;
  /** To be called after a change to an API, so that it takes effect. */
  changed(api: Api): void;
  select(api: Api, method: string, path: string): Selected | undefined;
  /** Whether the stage's throttling lets a request pass now. */
  admit(api: Api, route: Route): boolean;
  all(): Iterable<Api>;
}

export function createRegistry(kernel: Kernel): Registry {
  const byId = new Map<string, Api>();
  const byService = new Map<string, Api>();
  const routers = new Map<string, ReturnType<typeof createRouter>>();
  const buckets = new Map<string, Buckets>();
  return {
    byService: (service) => byService.get(service),
    byId: (id) => byId.get(id),
    put(api) {
      const other = byService.get(api.service);
      if (other && other.id !== api.id) {
        const message = `service '${api.service}' has more than one HTTP API: only the first, ${other.id}, answers at ${kernel.gatewayUrl}/${api.service}`;
        kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', service: api.service, message });
      } else {
        byService.set(api.service, api);
      }
      byId.set(api.id, api);
    },
    remove(id) {
      const api = byId.get(id);
      byId.delete(id);
      if (api && byService.get(api.service) === api) byService.delete(api.service);
    },
    changed(api) {
      routers.delete(api.id);
      buckets.delete(api.id);
    },
    select(api, method, path) {
      let router = routers.get(api.id);
      if (!router) routers.set(api.id, (router = createRouter(api.routes.values())));
      return router(method, path);
    },
    admit(api, route) {
      if (!api.stage) return true;
      let own = buckets.get(api.id);
      if (!own) buckets.set(api.id, (own = createBuckets(api.stage, kernel.now)));
      return own.take(route.key);
    },
    all: () => byId.values(),
  };
}
