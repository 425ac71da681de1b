import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ServiceSource } from './service-source.ts';

export interface PackageRun {
  readonly stage: string;
  readonly region: string;
  /** Where the template and the archives go. */
  readonly directory: string;
  /** Where Node keeps compiled code between runs: it halves the time that the framework takes to start. */
  readonly compileCache: string;
  readonly signal: AbortSignal;
}

const OUTPUT_LIMIT = 64 * 1024;
/** Nothing takes this long that will ever end. */
const TIME_LIMIT_MS = 5 * 60_000;
const END_WHEN_FAILED = new URL('./end-when-failed.mjs', import.meta.url).href;

/**
 * Runs `serverless package` for one service in a process of its own.
 *
 * @throws {Error} with what the tool said, when it failed.
 */
export async function runServerless(service: ServiceSource, run: PackageRun): Promise<void> {
  const tool = findServerless(service.folder);
  const args = [tool, 'package', '--stage', run.stage, '--region', run.region, '--package', run.directory];
  if (service.config !== undefined) args.push('--config', service.config);
  for (const [name, value] of Object.entries(service.params)) args.push('--param', `${name}=${value}`);

  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  const child = spawn(process.execPath, ['--import', END_WHEN_FAILED, ...args], {
    cwd: service.folder,
    env: environment(service.folder, run),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([run.signal, timeLimit]),
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      const message = `serverless package did not end within ${TIME_LIMIT_MS / 60_000} minutes. ${toMessage(output)}`;
      reject(timeLimit.aborted ? new Error(message.trim(), { cause: error }) : error);
    });
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(toMessage(output) || `serverless package ended with code ${code} and said nothing`);
}

/** The framework that the service itself would run, or else the one beside this tool. */
function findServerless(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = binIn(join(at, 'node_modules', 'serverless'));
    if (found !== undefined) return found;
    if (dirname(at) === at) break;
  }
  try {
    const own = binIn(dirname(createRequire(import.meta.url).resolve('serverless/package.json')));
    if (own !== undefined) return own;
  } catch {
    // Not beside this tool either: the error below says what to do.
  }
  throw new Error('The Serverless Framework is not installed here: npm install --save-dev serverless@npm:osls');
}

function binIn(directory: string): string | undefined {
  const manifest = join(directory, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const path = typeof bin === 'string' ? bin : bin['serverless'];
  return path === undefined ? undefined : join(directory, path);
}

function environment(folder: string, run: PackageRun): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // Plugins start tools by name, and those live beside the packages.
    PATH: [join(folder, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
    NODE_COMPILE_CACHE: run.compileCache,
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_INTERACTIVE_SETUP_ENABLE: '',
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  };
}

/** What the tool says whether it failed or not. */
const NOISE = /^(Environment: |Docs: |Error:$|Packaging |Learn more about configuration)/;
/** Where in the tool something was noticed helps nobody who has made a mistake in a service. */
const FRAME_OF_A_TOOL = /^\s+at .*(node_modules|node:|<anonymous>\)?$)/;

/** What the tool said about its failure, without colours, progress and its own version. */
function toMessage(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== '' && !NOISE.test(line) && !FRAME_OF_A_TOOL.test(line))
    .slice(0, 40)
    .join('\n');
}
