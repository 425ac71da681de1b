import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { mattersToPackage } from './content-hash.ts';

/**
 * Watches folders and everything below them.
 *
 * @param onChange told the folder in which something that is packaged may have changed.
 * @param onError told once for a folder that cannot be watched: the cloud runs all the same, and edits take a restart.
 * @returns how to stop.
 */
export function watchFolders(folders: Iterable<string>, onChange: (folder: string) => void, onError: (error: Error) => void): () => void {
  const stops = [...folders].map((folder) => {
    const changed = (path: string | null): void => {
      if (path === null || mattersToPackage(path)) onChange(folder);
    };
    // Node's own recursive watcher loses sight of a file on Linux that an editor replaces by another of the same name.
    return process.platform === 'linux' ? watchEach(folder, changed, onError) : watchAll(folder, changed, onError);
  });
  return () => stops.forEach((stop) => stop());
}

type OnPath = (path: string | null) => void;

function watchAll(folder: string, changed: OnPath, onError: (error: Error) => void): () => void {
  try {
    const watcher = watch(folder, { recursive: true, persistent: false }, (_, path) => changed(path)).on('error', onError);
    return () => watcher.close();
  } catch (error) {
    onError(error as Error);
    return () => {};
  }
}

/** One watcher for each directory: a directory tells of its files, however they are written. */
function watchEach(folder: string, changed: OnPath, onError: (error: Error) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let failed = false;

  const forget = (directory: string): void => {
    for (const [path, watcher] of watchers) {
      if (path !== directory && !path.startsWith(directory + sep)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const add = (directory: string): void => {
    if (watchers.has(directory) || !mattersToPackage(relative(folder, directory))) return;
    try {
      const watcher = watch(directory, { persistent: false }, (kind, name) => {
        const path = name === null ? directory : join(directory, name);
        // Came, went, or both: what was watched under this name is not what is there now.
        if (kind === 'rename' && path !== directory) forget(path);
        if (isDirectory(path)) add(path);
        changed(relative(folder, path));
      });
      watchers.set(
        directory,
        watcher.on('error', () => forget(directory)),
      );
      for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory()) add(join(directory, entry.name));
    } catch (error) {
      // A directory that is gone again is no news; a machine that has no watches left is.
      if (!failed && (error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error as Error);
      failed = true;
    }
  };
  add(folder);
  return () => forget(folder);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
