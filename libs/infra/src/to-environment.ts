import { ref } from './cloudformation.ts';
import type { Value } from './cloudformation.ts';
import {
  bucketVariable,
  deadLetterQueueId,
  distributionVariable,
  path,
  queueId,
  streamVariable,
  tableVariable,
  topicVariable,
  variable,
} from './naming.ts';
import { hasQueue, publisherKey, usesInbox, usesOutbox } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

/** Environment variables of every function of a service. */
export const toServiceEnvironment = (service: string, stage: string): Record<string, Value> => ({
  SERVICE: service,
  STAGE: stage,
  POWERTOOLS_SERVICE_NAME: service,
  NODE_OPTIONS: '--enable-source-maps',
});

/** Where a function finds what it may use. */
export function toEnvironment(fn: ServiceFunction, service: Service): Record<string, Value> {
  const { tables, buckets, topics, foreignBuckets, secrets, parameters, invalidates, produces } = fn.access;
  return {
    ...Object.fromEntries(tables.map(({ table }) => [tableVariable(table), ref(table)])),
    ...Object.fromEntries(buckets.map(({ bucket }) => [bucketVariable(bucket), ref(bucket)])),
    ...Object.fromEntries(topics.map((topic) => [topicVariable(topic), ref(topic)])),
    ...(foreignBuckets.length > 0 ? { FOREIGN_BUCKETS: foreignBuckets.map(({ name }) => name).join(',') } : {}),
    ...Object.fromEntries(invalidates.map((distribution) => [distributionVariable(distribution), ref(distribution)])),
    ...Object.fromEntries(produces.map((stream) => [streamVariable(stream), ref(stream)])),
    ...(usesInbox(fn) ? { INBOX_TABLE: ref('Inbox') } : {}),
    ...(usesOutbox(fn) ? { OUTBOX_TABLE: ref('Outbox') } : {}),
    ...(fn.key === publisherKey ? { BUS_NAME: ref('BusName') } : {}),
    ...(fn.access.announces.length > 0 ? { BUS_NAME: service.bus } : {}),
    ...(hasQueue(fn) ? { QUEUE_URL: ref(queueId(fn.key)) } : {}),
    ...(hasQueue(fn) || fn.streamRecords.length > 0 ? { DEAD_LETTER_QUEUE_URL: ref(deadLetterQueueId(fn.key)) } : {}),
    ...Object.fromEntries(secrets.map((secret) => [`${variable(secret)}_SECRET`, path(service.stage, secret)])),
    ...Object.fromEntries(parameters.map((parameter) => [`${variable(parameter)}_PARAMETER`, path(service.stage, parameter)])),
  };
}
