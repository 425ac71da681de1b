import type { QueryService } from './call.ts';
import type { Operation } from './json-api.ts';

/** An API of the query protocol out of its operations, by name. */
export function queryService(
  api: Pick<QueryService, 'signingName' | 'namespace' | 'deniedCode'>,
  operations: Readonly<Record<string, Operation>>,
): QueryService {
  const byName = new Map(Object.entries(operations));
  return {
    protocol: 'query',
    ...api,
    operations: [...byName.keys()],
    permissions: (call) => byName.get(call.operation)?.permissions(call.input, call) ?? [],
    // The endpoint has refused what is not among the operations.
    handle: async (call) => byName.get(call.operation)!.run(call.input, call),
  };
}
