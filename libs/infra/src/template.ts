import type { Parameters, Resources } from './cloudformation.ts';
import { toParameters } from './parameters.ts';
import type { Service } from './service.ts';
import { toAlarms } from './to-alarms.ts';
import { toApi } from './to-api.ts';
import { toBuckets } from './to-buckets.ts';
import { toDashboard } from './to-dashboard.ts';
import { toBucketChanges, toDeadLetterQueue, toSubscription, toWholeBus } from './to-queue.ts';
import { toRole } from './to-role.ts';
import { toStreamMappings, toStreams } from './to-streams.ts';
import { toTables } from './to-tables.ts';
import { toTopics } from './to-topics.ts';

/** A sentence for each resource of `resources.yml` that is called as one of ours: only one of the two would be in the template. */
export function takenNames(service: Service, written: readonly string[]): string[] {
  const { Resources: ours } = toTemplate(service);
  const { tables, buckets, streams, topics } = service;
  const completed = { ...tables, ...buckets, ...streams, ...topics };
  return written
    .filter((id) => id in ours && !(id in completed))
    .map(
      (id) =>
        `resources.Resources.${id}: the plugin writes a resource of this name; choose another, or change the plugin's in 'resources.extensions'.`,
    );
}

/** Everything that a service's stack holds besides what osls makes of its functions. */
export function toTemplate(service: Service): { Resources: Resources; Parameters: Parameters } {
  const resources: Resources[] = [
    toTables(service),
    toBuckets(service),
    toStreams(service),
    toTopics(service),
    ...service.functions.flatMap((fn) => [
      toRole(fn, service),
      toDeadLetterQueue(fn),
      toSubscription(fn, service),
      toBucketChanges(fn),
      toWholeBus(fn, service),
      toStreamMappings(fn),
    ]),
    toApi(service),
    toAlarms(service),
    toDashboard(service),
  ];
  return { Resources: Object.assign({}, ...resources) as Resources, Parameters: toParameters(service) };
}
