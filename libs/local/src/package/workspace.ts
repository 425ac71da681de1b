import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The npm workspace around a folder: where its own packages are. */
export interface Workspace {
  readonly root: string;
  /** Folder by package name. */
  readonly packages: ReadonlyMap<string, string>;
  /** Files at the root that decide what a package is built from: the lockfile, compiler options. */
  readonly rootFiles: readonly string[];
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const ROOT_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'tsconfig.json', 'tsconfig.base.json'];

/** The nearest workspace at or above a folder; the folder by itself when there is none. */
export function workspaceOf(folder: string): Workspace {
  for (let root = folder; ; root = dirname(root)) {
    const patterns = workspacePatterns(readManifest(root));
    if (patterns !== undefined || dirname(root) === root) {
      const home = patterns === undefined ? folder : root;
      const rootFiles = ROOT_FILES.map((file) => join(home, file)).filter((file) => existsSync(file));
      return { root: home, packages: packagesOf(home, patterns ?? []), rootFiles };
    }
  }
}

/**
 * A service's folder, and those of every package of the workspace that it depends on, directly or through another: what
 * its archives can be made of, besides what the lockfile names.
 */
export function foldersOf(folder: string, workspace: Workspace): readonly string[] {
  const folders = new Set<string>();
  const visit = (each: string): void => {
    if (folders.has(each)) return;
    folders.add(each);
    const manifest = readManifest(each);
    for (const name of Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies })) {
      const dependency = workspace.packages.get(name);
      if (dependency !== undefined) visit(dependency);
    }
  };
  visit(folder);
  return [...folders];
}

function packagesOf(root: string, patterns: readonly string[]): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const path of globSync(
    patterns.map((pattern) => `${pattern.replace(/\/$/, '')}/package.json`),
    { cwd: root, exclude: (name) => name === 'node_modules' },
  )) {
    const folder = dirname(join(root, path));
    const name = readManifest(folder)?.name;
    if (name !== undefined) packages.set(name, folder);
  }
  return packages;
}

function workspacePatterns(manifest: Manifest | undefined): readonly string[] | undefined {
  const workspaces = manifest?.workspaces;
  return workspaces === undefined || Array.isArray(workspaces)
    ? (workspaces as readonly string[] | undefined)
    : (workspaces as { packages?: string[] }).packages;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${join(folder, 'package.json')} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
