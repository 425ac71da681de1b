import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ServiceSource } from './service-source.ts';
import { foldersOf, type Workspace } from './workspace.ts';

/** Changes when packages of an older version of this tool must not be used again. */
const FORMAT = '1';

/** Folders that tools write, and that no archive is made of. */
const SKIPPED = new Set(['node_modules', '.serverless', '.esbuild', '.larder', '.git', '.nx', '.turbo', 'coverage']);
const TEST = /\.(int\.)?test(-d)?\.[cm]?[jt]sx?$/;

/** Hashes what packages are made of; a folder that several services share is read once. */
export interface ContentHasher {
  /** A service's content as 16 hexadecimal digits. */
  hashOf(service: ServiceSource): string;
}

/**
 * Reads every file, and asks no clock: a checkout, a touch or a copy changes times and not content. The 300 files of a
 * service and its libraries take about 10 ms.
 */
export function contentHasher(workspace: Workspace, target: { readonly stage: string; readonly region: string }): ContentHasher {
  const folders = new Map<string, string>();
  const folderHash = (folder: string): string => {
    const known = folders.get(folder) ?? hashFolder(folder);
    folders.set(folder, known);
    return known;
  };
  const rootHash = sha256(workspace.rootFiles.map((file) => `${relative(workspace.root, file)}:${sha256(readFileSync(file))}`).join('\n'));

  return {
    hashOf(service) {
      const parts = [
        FORMAT,
        process.version,
        target.stage,
        target.region,
        JSON.stringify([service.name, service.config, service.params]),
        rootHash,
      ];
      for (const folder of foldersOf(service.folder, workspace)) parts.push(`${relative(workspace.root, folder)}:${folderHash(folder)}`);
      parts.push(...environmentOf(service.folder));
      return sha256(parts.join('\n')).slice(0, 16);
    },
  };
}

/** Whether a path inside a folder, as a watcher names it, can change what is packaged. */
export function mattersToPackage(path: string): boolean {
  return !TEST.test(path) && !path.split(/[\\/]/).some((segment) => SKIPPED.has(segment));
}

function hashFolder(folder: string): string {
  const hash = createHash('sha256');
  const visit = (directory: string): void => {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path);
      } else if (entry.isFile() && !TEST.test(entry.name)) {
        hash.update(`\n${relative(folder, path)}\n`).update(read(path));
      }
    }
  };
  visit(folder);
  return hash.digest('hex');
}

/** The values of the environment variables that a service's configuration names as `${env:NAME}`. */
function environmentOf(folder: string): readonly string[] {
  const names = new Set<string>();
  for (const entry of readdirSync(folder)) {
    if (!/\.(ya?ml|json)$/.test(entry)) continue;
    for (const [, name = ''] of read(join(folder, entry))
      .toString()
      .matchAll(/\$\{env:(\w+)/g))
      names.add(name);
  }
  return [...names].sort().map((name) => `${name}=${process.env[name] ?? ''}`);
}

/** A file that went away between being listed and being read has no content. */
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return Buffer.alloc(0);
    throw error;
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
