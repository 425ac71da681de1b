import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ObjectsPort } from '../kernel/ports.ts';
import type { Iam } from '../iam/iam.ts';
import { openBodies } from './bodies.ts';
import { bucketPolicyResource, bucketResource } from './bucket-resource.ts';
import { createBuckets } from './buckets.ts';
import { openDatabase } from './database.ts';
import { createLifecycle } from './lifecycle.ts';
import { createNotifications, type NotificationPorts } from './notifications.ts';
import { createObjects } from './objects.ts';
import type { Parts } from './parts.ts';
import { objectsPort } from './port.ts';
import { s3Service } from './service.ts';
import { createSignatureCheck } from './signed.ts';
import { createUploads } from './uploads.ts';

export interface S3 extends Engine {
  /** For the engines that read objects on behalf of somebody else. */
  readonly objects: ObjectsPort;
  /** Removes what lifecycle rules say; happens by itself once an hour. */
  expire(): Promise<void>;
}

export interface S3Dependencies extends NotificationPorts {
  readonly iam: Pick<Iam, 'allows' | 'admits' | 'admitsAnyone' | 'callerOf' | 'secretOf'>;
}

/** S3: buckets and objects on SQLite, large contents in files beside it; what happens to them is told to functions, queues and EventBridge. */
export async function createS3(kernel: Kernel, dependencies: S3Dependencies): Promise<S3> {
  const { iam } = dependencies;
  const database = openDatabase(kernel.stateDirectory);
  const bodies = openBodies(database, kernel.stateDirectory);
  const notifications = createNotifications(kernel, database, dependencies);
  const parts: Parts = {
    kernel,
    database,
    bodies,
    notifications,
    buckets: createBuckets(database, kernel),
    objects: createObjects(database, bodies),
    uploads: createUploads(database, bodies),
    signatures: createSignatureCheck(iam, () => kernel.now()),
    iam,
  };
  const lifecycle = createLifecycle(parts);
  return {
    services: [s3Service(parts)],
    resourceTypes: [bucketResource(parts), bucketPolicyResource(parts)],
    objects: objectsPort(parts),
    expire: lifecycle.run,
    async close() {
      await lifecycle.close();
      await notifications.close();
      database.sql.close();
      bodies.close();
    },
  };
}
