import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ObjectsPort } from '../kernel/ports.ts';
import type { WebSites } from '../gateway/gateway.ts';
import { createApi } from './api.ts';
import { createCache } from './cache.ts';
import type { EdgeFunction } from './edge-function.ts';
import { createOriginFetch } from './fetch-origin.ts';
import { createObtain } from './obtain.ts';
import type { OriginAccess } from './origin-access.ts';
import { cloudFrontResourceTypes } from './resources.ts';
import { createServeSite } from './serve-site.ts';
import { createSites } from './sites.ts';

export type { OriginReply } from './fetch-origin.ts';
export { createOriginAccess, type OriginAccess } from './origin-access.ts';

export interface CloudFrontDeps {
  readonly originAccess: OriginAccess;
  /** What origins that are buckets are asked through; undefined when there is no S3. */
  readonly objects: ObjectsPort | undefined;
}

export interface CloudFront extends Engine {
  /** What the gateway serves under the names of distributions. */
  readonly sites: WebSites;
}

/** Web distributions: behaviours, origins, a cache in memory, functions at the edge. */
export async function createCloudFront(kernel: Kernel, { originAccess, objects }: CloudFrontDeps): Promise<CloudFront> {
  const sites = createSites(kernel);
  const cache = createCache();
  const functions = new Map<string, EdgeFunction>();
  const origins = createOriginFetch(kernel, originAccess, objects);
  const serve = createServeSite(kernel, { obtain: createObtain(kernel, cache, origins), functionOf: (arn) => functions.get(arn) });
  return {
    sites: {
      find(host) {
        const distribution = sites.byHost(host);
        return distribution && ((request, response) => serve(distribution, request, response));
      },
    },
    services: [createApi(kernel, sites, cache)],
    resourceTypes: cloudFrontResourceTypes(kernel, { sites, functions, hasObjects: objects !== undefined }),
    close: async () => origins.close(),
  };
}
