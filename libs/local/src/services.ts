import { join } from 'node:path';
import type { Engines } from './engines.ts';
import type { Kernel } from './kernel/kernel.ts';
import { contentHasher } from './package/content-hash.ts';
import { createHotReload, type HotReload } from './package/hot-reload.ts';
import { createPackager, prunePackages, type PackagedService } from './package/packager.ts';
import type { ServiceSource } from './package/service-source.ts';
import { foldersOf, workspaceOf } from './package/workspace.ts';
import type { ServiceState } from './service-state.ts';
import type { CustomResources } from './stack/custom-resource.ts';
import { stackDeployer } from './stack/deploy-stack.ts';
import { deployStacks } from './stack/deploy-stacks.ts';
import { isWithoutEffect } from './stack/not-run.ts';
import { openStackStore } from './stack/stack-store.ts';

export interface ServicesOptions {
  readonly sources: readonly ServiceSource[];
  readonly folder: string;
  readonly stage: string;
  readonly kernel: Kernel;
  readonly engines: Engines;
  readonly custom: CustomResources;
  /** Ends packaging that is under way. */
  readonly signal: AbortSignal;
}

/** The services of a folder: packaged, deployed, and kept up to date with their sources. */
export interface Services {
  all(): readonly ServiceState[];
  get(name: string): ServiceState | undefined;
  /** The service that has a function. */
  ownerOf(functionName: string): string | undefined;
  /** What an invocation has to wait for: new code that is on its way. */
  beforeInvoke(functionName: string): Promise<void> | undefined;
  /**
   * Tries every service, and then watches them. One that cannot be packaged or deployed is told as a notice.
   *
   * @throws {CycleError} when services wait for each other.
   */
  start(): Promise<void>;
  close(): Promise<void>;
}

const CONCURRENT_PACKAGES = 2;

export function createServices({ sources, folder, stage, kernel, engines, custom, signal }: ServicesOptions): Services {
  const states = new Map(sources.map((source) => [source.name, newState(source)]));
  const owners = new Map<string, string>();
  /** The newest package of each service that could not be deployed: what it misses may come from another. */
  const waiting = new Map<string, PackagedService>();
  const workspace = workspaceOf(folder);
  const target = { stage, region: kernel.region };
  const cacheDirectory = join(folder, '.larder', 'packages');
  let reload: HotReload | undefined;

  const notice = (level: 'info' | 'warn' | 'error', message: string, service?: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level, service, message });

  const packager = createPackager({
    ...target,
    cacheDirectory,
    concurrency: CONCURRENT_PACKAGES,
    signal,
    onStart: ({ name }) => notice('info', reload ? 'edited: packaging' : 'packaging', name),
  });
  const deployer = stackDeployer({
    kernel,
    types: engines.resourceTypes,
    sources: engines.sources,
    custom,
    store: openStackStore(kernel.stateDirectory),
    onCustomResource: (service) => reload?.letThrough(service),
  });

  const fail = (name: string, what: string, error: Error): undefined => {
    const state = states.get(name);
    if (signal.aborted || state === undefined) return undefined;
    state.problem = error.message;
    if (state.state !== 'running') state.state = 'failed';
    notice('error', `${what}: ${error.message}`, name);
    return undefined;
  };

  const deploy = async (ones: readonly PackagedService[]): Promise<void> => {
    for (const { source, functions } of ones) {
      waiting.delete(source.name);
      for (const functionName of Object.values(functions)) owners.set(functionName, source.name);
      const state = states.get(source.name);
      if (state && state.state !== 'running') state.state = 'deploying';
    }
    for (const { packaged, result } of await deployStacks(ones, deployer, kernel)) {
      const state = states.get(packaged.source.name);
      if (state === undefined) continue;
      if ('stack' in result) {
        Object.assign(state, { state: 'running', problem: undefined, packaged, stack: result.stack });
      } else {
        waiting.set(state.name, packaged);
        if (state.state !== 'running') state.packaged = packaged;
        fail(state.name, 'could not be deployed', result.error);
      }
    }
  };

  const redeploy = async (edited: PackagedService): Promise<void> => {
    const begun = performance.now();
    await deploy([edited]);
    const { name } = edited.source;
    if (states.get(name)?.problem !== undefined) return;
    notice('info', `edited: the new code runs (${edited.ms + Math.round(performance.now() - begun)} ms)`, name);
    if (waiting.size > 0) await deploy([...waiting.values()]);
  };

  return {
    all: () => [...states.values()],
    get: (name) => states.get(name),
    ownerOf: (functionName) => owners.get(functionName),
    beforeInvoke(functionName) {
      const owner = owners.get(functionName);
      return owner === undefined ? undefined : reload?.beforeInvoke(owner);
    },
    async start() {
      const hasher = contentHasher(workspace, target);
      const hashes = new Map(sources.map((source) => [source.name, hasher.hashOf(source)]));
      const made = await Promise.all(
        sources.map((source) =>
          packager
            .package(source, hashes.get(source.name) ?? '')
            .catch((error: Error) => fail(source.name, 'could not be packaged', error)),
        ),
      );
      signal.throwIfAborted();
      const packaged = made.filter((each) => each !== undefined);
      await deploy(packaged);
      for (const message of missingIn(states.values())) notice('warn', message);
      reload = createHotReload({
        services: sources.map((source) => ({ source, hash: hashes.get(source.name) })),
        foldersOf: (source) => foldersOf(source.folder, workspace),
        hashOf: (source) => contentHasher(workspace, target).hashOf(source),
        package: (source, hash, outdated) => packager.package(source, hash, outdated),
        deploy: redeploy,
        onError: (source, error) => {
          const stands = source && states.get(source.name)?.state === 'running' ? '; what stood before still runs' : '';
          if (source) fail(source.name, `was edited and could not be packaged${stands}`, error);
          else notice('warn', `Edits are not noticed everywhere: ${error.message}`);
        },
      });
      // Old packages only take room: that they cannot be removed is no reason to stop.
      void prunePackages(cacheDirectory, new Set(packaged.map(({ directory }) => directory))).catch(() => {});
    },
    async close() {
      await reload?.close();
    },
  };
}

/** One line for each type that nothing runs here, and that somebody may miss. */
function missingIn(states: Iterable<ServiceState>): readonly string[] {
  const missing = new Map<string, string[]>();
  for (const { name, stack } of states) {
    for (const [logicalId, { type, notRun }] of Object.entries(stack?.resources ?? {})) {
      if (notRun && !isWithoutEffect(type)) missing.set(type, [...(missing.get(type) ?? []), `${name}/${logicalId}`]);
    }
  }
  return [...missing].map(([type, resources]) => `${type} does not run here: ${resources.join(', ')}`);
}

function newState(source: ServiceSource): ServiceState {
  return { name: source.name, source, state: 'packaging', problem: undefined, packaged: undefined, stack: undefined };
}
