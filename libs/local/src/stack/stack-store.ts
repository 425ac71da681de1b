import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A resource that stands. */
export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Left alone when it leaves the template. */
  readonly retain: boolean;
  /** Whether nothing of ours runs it: it is a name only. */
  readonly notRun?: boolean | undefined;
  /** Evaluated; on disk only for custom resources, which are told what they had before. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** A stack that stands, in the order in which its resources were made. */
export interface DeployedStack {
  readonly stackName: string;
  readonly service: string;
  readonly resources: Readonly<Record<string, DeployedResource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The stacks that stand, kept over restarts. */
export interface StackStore {
  get(stackName: string): DeployedStack | undefined;
  all(): readonly DeployedStack[];
  put(stack: DeployedStack): void;
}

const FILE = 'stacks.json';

/**
 * Opens `stacks.json` in a folder, or keeps stacks in memory when there is none.
 *
 * @throws {Error} when the file cannot be read, and says how to start over.
 */
export function openStackStore(directory: string | undefined): StackStore {
  const path = directory === undefined ? undefined : join(directory, FILE);
  const stacks = new Map<string, DeployedStack>(path === undefined ? [] : read(path).map((stack) => [stack.stackName, stack]));
  return {
    get: (stackName) => stacks.get(stackName),
    all: () => [...stacks.values()],
    put(stack) {
      stacks.set(stack.stackName, stack);
      if (path !== undefined) write(path, [...stacks.values()]);
    },
  };
}

function read(path: string): readonly DeployedStack[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly DeployedStack[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${path} cannot be read (${(error as Error).message}): remove the folder that it is in to start over`, {
      cause: error,
    });
  }
}

function write(path: string, stacks: readonly DeployedStack[]): void {
  mkdirSync(dirname(path), { recursive: true });
  // Written beside and renamed: whoever is ended in the middle leaves the file as it was.
  writeFileSync(`${path}.new`, JSON.stringify(stacks.map(toDisk)));
  renameSync(`${path}.new`, path);
}

function toDisk(stack: DeployedStack): DeployedStack {
  const resources = Object.entries(stack.resources).map(([logicalId, { properties, ...rest }]) => {
    return [logicalId, isCustom(rest.type) ? { ...rest, properties } : rest] as const;
  });
  return { ...stack, resources: Object.fromEntries(resources) };
}

/** Whether a function of the project makes resources of this type. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
