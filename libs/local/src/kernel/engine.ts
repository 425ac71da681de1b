import type { AwsService } from './call.ts';
import type { ResourceType } from './resource-type.ts';

/** A part of the laptop cloud: the AWS APIs that it answers and the CloudFormation resources that it makes. */
export interface Engine {
  readonly services: readonly AwsService[];
  readonly resourceTypes: readonly ResourceType[];
  /** Stops taking work, lets what runs end, and puts everything on disk. */
  close(): Promise<void>;
}
