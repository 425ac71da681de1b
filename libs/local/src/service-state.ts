import type { PackagedService } from './package/packager.ts';
import type { ServiceSource } from './package/service-source.ts';
import type { DeployedStack } from './stack/stack-store.ts';

/** A service as it stands in the running cloud. */
export interface ServiceState {
  readonly name: string;
  readonly source: ServiceSource;
  /** `failed` when nothing of it runs. */
  state: 'packaging' | 'deploying' | 'running' | 'failed';
  /** Why it is not running, or still runs what stood before the last edit. */
  problem: string | undefined;
  /** What runs. */
  packaged: PackagedService | undefined;
  stack: DeployedStack | undefined;
}
