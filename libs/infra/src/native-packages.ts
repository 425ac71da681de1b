import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Where native code is to run. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
}

/** The machine that packages: where stage `local` runs. */
export const thisMachine: Platform = { os: process.platform, cpu: process.arch };

/** Lambda's own, by its `architecture`. */
export const lambdaPlatform = (architecture: unknown): Platform => ({ os: 'linux', cpu: architecture === 'x86_64' ? 'x64' : 'arm64' });

/** Runs npm in a folder, and gives what it writes to standard output. */
export type Npm = (args: readonly string[], cwd: string) => Promise<string>;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/**
 * Copies packages that cannot be bundled, with all that they need on a platform, into a folder's `node_modules`. What npm has not installed, because this machine is another one, is
 * fetched once, in the version and with the checksum of package-lock.json.
 *
 * @param from a folder of the workspace, from which the packages are looked up.
 * @throws {Error} that says what is missing and how to get it.
 */
export async function copyNativePackages(
  names: readonly string[],
  from: string,
  to: string,
  platform: Platform,
  npm: Npm = installedNpm,
): Promise<void> {
  const root = rootOf(from);
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> };
  const copied = new Set<string>();
  const copy = async (name: string): Promise<void> => {
    if (copied.has(name)) return;
    copied.add(name);
    const folder = await folderOf(name, root, lock.packages[`node_modules/${name}`], npm);
    await cp(folder, join(to, 'node_modules', name), { recursive: true, mode: constants.COPYFILE_FICLONE });
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    const fitting = Object.keys(optionalDependencies).filter((optional) => fits(lock.packages[`node_modules/${optional}`], platform));
    for (const needed of [...Object.keys(dependencies), ...fitting]) await copy(needed);
  };
  for (const name of names) await copy(name);
}

function rootOf(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json'))) return folder;
    if (dirname(folder) === folder) throw new Error(`There is no package-lock.json in or above ${from}: run 'npm install'.`);
  }
}

/** Lambda's Linux is one with glibc. */
function fits(locked: Locked | undefined, { os, cpu }: Platform): boolean {
  if (!locked) return false;
  return (locked.os?.includes(os) ?? true) && (locked.cpu?.includes(cpu) ?? true) && (locked.libc?.includes('glibc') ?? true);
}

async function folderOf(name: string, root: string, locked: Locked | undefined, npm: Npm): Promise<string> {
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  if (!locked?.integrity)
    throw new Error(`package-lock.json has no package '${name}': add it to the service's dependencies and run 'npm install'.`);
  const kept = join(root, 'node_modules/.cache/larder/native', `${name.replace('/', '+')}@${locked.version}`);
  if (!existsSync(kept)) await fetchPackage(`${name}@${locked.version}`, locked.integrity, kept, npm);
  return kept;
}

const run = promisify(execFile);
const installedNpm: Npm = async (args, cwd) => (await run('npm', args, { cwd })).stdout;

async function fetchPackage(spec: string, integrity: string, to: string, npm: Npm): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const work = await mkdtemp(`${to}-`);
  try {
    const answer = await npm(['pack', spec, '--json', '--prefer-offline'], work).catch((error: unknown) => {
      throw new Error(`${spec} could not be fetched, which the function needs where it is deployed: connect to npm's registry once.`, {
        cause: error,
      });
    });
    const [packed] = JSON.parse(answer) as { filename: string; integrity: string }[];
    if (packed?.integrity !== integrity) throw new Error(`${spec} is not what package-lock.json knows: its checksum is another one.`);
    await run('tar', ['-xzf', join(work, packed.filename), '-C', work]);
    await rename(join(work, 'package'), to);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
