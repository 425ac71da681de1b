import type { ApiContract } from '../src/define-api.ts';
import type { EventContract } from '../src/define-event.ts';
import { toAsyncApi } from './asyncapi.ts';
import { toOpenApi } from './openapi.ts';
import { toServiceMap } from './service-map.ts';
import type { StreamContract } from '../src/define-stream.ts';
import type { Usage } from './usage.ts';

/** Every document that is derived from the contracts, by its path in `docs/contracts`. */
export function toDocuments(
  events: readonly EventContract[],
  apis: readonly ApiContract[],
  streams: readonly StreamContract[],
  usages: readonly Usage[],
): ReadonlyMap<string, string> {
  const json = (document: object) => `${JSON.stringify(document, undefined, 2)}\n`;
  return new Map([
    ...apis.map((api) => [`openapi/${api.service}.json`, json(toOpenApi(api))] as const),
    ['asyncapi.json', json(toAsyncApi(events, streams, usages))],
    ['README.md', toServiceMap(events, apis, usages)],
  ]);
}
