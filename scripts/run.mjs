// What every npm script calls: installs when needed, then runs the command under the Node 24 that the lockfile brings.
// Plain JavaScript without dependencies, because it runs before anything is installed, on whatever Node the machine has.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { binOf, nodeOfLockfile } from './find.mjs';
import { installIfNeeded } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [command, ...rest] = process.argv.slice(2);

/** Commands that are our own TypeScript. Every other command is `node`, or a tool from node_modules/.bin. */
const ours = {
  local: 'libs/local/src/cli/main.ts',
  bench: 'bench/run.ts',
  traffic: 'libs/testing/src/traffic/main.ts',
  cost: 'libs/cost/src/main.ts',
  backtest: 'apps/clickstream/src/back-test/main.ts',
};

if (!command) fail('usage: node scripts/run.mjs <local|bench|traffic|cost|backtest|node|a tool of node_modules/.bin> [arguments]');
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Larder is started with Node 20 or newer, and this is ${process.version}. Get Node 24 from https://nodejs.org and run this again.`);
}
try {
  await installIfNeeded(root);
  endWithNpm();
  process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const node = nodeOfLockfile(root);
  const script = ours[command] && join(root, ours[command]);
  if (script && node === process.execPath) await runHere(script, rest);
  else await runThere(node, command === 'node' ? rest : [script ?? binOf(root, command), ...rest]);
} catch (error) {
  fail(error.advice ?? error.stack);
}

/** Runs a script in this process: signals, exit code and terminal are its own. */
async function runHere(script, args) {
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

/** Runs a script under another Node, hands signals on to it, and ends as it ends. */
async function runThere(node, args) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: the child has it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...outcome) => resolve(outcome));
  });
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** A signal that ends npm ends its shell, which tells nobody: without this we would go on, alone, and keep our ports. */
function endWithNpm() {
  const shell = process.ppid;
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}
