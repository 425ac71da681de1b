import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noAccess, publisherKey, usesOutbox } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

const folder = '.larder';
const file = 'publish-outbox';

/** Seconds: a batch is ten calls of PutEvents at most, with their retries. */
const timeout = 30;

/** The function as osls is told of it. */
export const publisherHandler = `${folder}/${file}.handler`;

/** The function that publishes the outbox, as soon as one function of the service writes into it. */
export function toPublisher(service: Service): ServiceFunction | undefined {
  if (!service.functions.some(usesOutbox)) return undefined;
  return {
    key: publisherKey,
    name: `${service.name}-${service.stage}-${publisherKey}`,
    timeout,
    subscription: undefined,
    routes: [],
    tableChanges: ['Outbox'],
    streamRecords: [],
    wholeBus: false,
    bucketChange: undefined,
    access: noAccess,
  };
}

/** Writes the publisher's entry into the service's folder, because serverless-esbuild only bundles what lies in it. */
export async function writePublisherEntry(serviceDir: string): Promise<void> {
  await mkdir(join(serviceDir, folder), { recursive: true });
  await writeFile(join(serviceDir, folder, `${file}.ts`), `export { handler } from '@larder/service/publish-outbox';\n`);
}

/** Leaves the service's folder as it was, for whoever looks whether anything in it has changed. */
export async function removePublisherEntry(serviceDir: string): Promise<void> {
  await rm(join(serviceDir, folder, `${file}.ts`), { force: true });
  // Someone else may keep something there.
  await rmdir(join(serviceDir, folder)).catch(() => undefined);
}
