// Brings node_modules in line with package-lock.json.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advice } from './find.mjs';

/** Installs what the lockfile says, unless it is installed already. */
export async function installIfNeeded(root) {
  if (isInstalled(root)) return;
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  console.error('Installing what package-lock.json names. The first time takes a minute or two…');
  // npm draws its own progress on a terminal; a log gets a line now and then.
  const heartbeat = setInterval(() => process.stderr.isTTY || console.error(`… still installing (${elapsed()})`), 15_000);
  try {
    // `error` silences EBADENGINE and deprecation warnings: the tools run under the Node that is being installed.
    await npm(root, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(heartbeat);
  }
  if (!isInstalled(root)) {
    throw advice("npm ended well, but node_modules is not what package-lock.json says. Delete node_modules and run 'npm ci'.");
  }
  console.error(`Installed in ${elapsed()}.`);
}

/**
 * Compares the lockfile with the record that npm keeps of what it installed, so that an install by hand counts too, and a
 * lockfile that `git pull` changed is noticed. npm writes its record last: an install that was broken off leaves none.
 */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted) throw advice('package-lock.json is missing or broken: restore it from git.');
  if (!installed) return false;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional }]) => {
    if (path === '') return true;
    const present = installed[path];
    return present ? present.version === version && present.link === link : optional || devOptional;
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Runs the npm that runs us, or else the one on the path. */
async function npm(root, args) {
  const script = process.env.npm_execpath;
  const child = script?.endsWith('.js')
    ? spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : // On Windows npm is a .cmd file, which only a shell runs. The arguments are constants.
      spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  const code = await new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', (error) =>
      reject(error.code === 'ENOENT' ? advice('npm is missing: it comes with Node, from https://nodejs.org.') : error),
    );
  });
  if (code !== 0) {
    throw advice(
      "'npm ci' failed; what it said stands above. It needs the npm registry: look at your network and 'npm config get registry'.",
    );
  }
}
