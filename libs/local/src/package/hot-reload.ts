import type { PackagedService } from './packager.ts';
import type { ServiceSource } from './service-source.ts';
import { watchFolders } from './watch-folders.ts';

export interface HotReloadOptions {
  readonly services: readonly { readonly source: ServiceSource; readonly hash: string | undefined }[];
  /** The folders that a service is packaged from. */
  foldersOf(service: ServiceSource): readonly string[];
  hashOf(service: ServiceSource): string;
  package(service: ServiceSource, hash: string, signal: AbortSignal): Promise<PackagedService>;
  /** Puts a new package to work. */
  deploy(packaged: PackagedService): Promise<void>;
  onError(service: ServiceSource | undefined, error: Error): void;
}

/** Repackages what is edited. */
export interface HotReload {
  /** What an invocation of a service's function has to wait for; undefined most of the time. */
  beforeInvoke(service: string): Promise<void> | undefined;
  /** Lets invocations through although a package is still being deployed: the deployment itself invokes a function. */
  letThrough(service: string): void;
  /** Stops watching, and waits for what is being done. */
  close(): Promise<void>;
}

interface Watched {
  readonly source: ServiceSource;
  hash: string | undefined;
  /** Settled when the service is up to date again, or an edit turned out to be broken. */
  gate: PromiseWithResolvers<void> | undefined;
  work: Promise<void> | undefined;
  /** Ends the packaging of what was edited again meanwhile. */
  outdated: AbortController | undefined;
  editedMeanwhile: boolean;
}

/** Editors write a file in several steps, and version control writes many files. */
const SETTLE_MS = 15;

/**
 * Watches services and packages at once what was edited, so that most of the work is done before the next invocation. An
 * edit that breaks a service is reported, and what ran keeps running.
 */
export function createHotReload(options: HotReloadOptions): HotReload {
  const watched = new Map<string, Watched>();
  const dependents = new Map<string, Watched[]>();
  for (const { source, hash } of options.services) {
    const each: Watched = { source, hash, gate: undefined, work: undefined, outdated: undefined, editedMeanwhile: false };
    watched.set(source.name, each);
    for (const folder of options.foldersOf(source)) dependents.set(folder, [...(dependents.get(folder) ?? []), each]);
  }
  let closed = false;

  const refresh = async (service: Watched): Promise<void> => {
    do {
      service.editedMeanwhile = false;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (closed) return;
      service.outdated = new AbortController();
      try {
        const hash = options.hashOf(service.source);
        if (hash === service.hash) continue;
        // Remembered even when it fails: the same broken content would fail again.
        service.hash = hash;
        const packaged = await options.package(service.source, hash, service.outdated.signal);
        service.outdated = undefined;
        if (!closed) await options.deploy(packaged);
      } catch (error) {
        if (service.outdated?.signal.aborted) service.hash = undefined;
        else if (!closed) options.onError(service.source, error as Error);
      }
      service.outdated = undefined;
    } while (service.editedMeanwhile);
  };

  /** Packaging takes seconds: what it would make of content that is gone is not waited for. */
  const endOutdated = (service: Watched, packaging: AbortController): void => {
    if (service.outdated !== packaging || closed) return;
    try {
      if (options.hashOf(service.source) !== service.hash) packaging.abort();
    } catch {
      // A file went while it was read: there is word of that too.
    }
  };

  const edited = (service: Watched): void => {
    if (closed) return;
    service.editedMeanwhile = true;
    if (service.work !== undefined) {
      service.gate ??= Promise.withResolvers();
      if (service.outdated) setTimeout(endOutdated, SETTLE_MS, service, service.outdated);
      return;
    }
    service.gate = Promise.withResolvers();
    service.work = refresh(service).finally(() => {
      service.gate?.resolve();
      service.gate = undefined;
      service.work = undefined;
    });
  };

  const stopWatching = watchFolders(
    dependents.keys(),
    (folder) => dependents.get(folder)?.forEach(edited),
    (error) => options.onError(undefined, error),
  );
  // Somebody may have edited while the services were packaged, before anyone watched.
  for (const service of watched.values()) if (options.hashOf(service.source) !== service.hash) edited(service);

  return {
    beforeInvoke: (service) => watched.get(service)?.gate?.promise,
    letThrough(service) {
      const found = watched.get(service);
      found?.gate?.resolve();
      if (found) found.gate = undefined;
    },
    async close() {
      closed = true;
      stopWatching();
      await Promise.all([...watched.values()].map(({ work }) => work));
    },
  };
}
