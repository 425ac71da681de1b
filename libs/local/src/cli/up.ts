import { rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Cloud, CloudOptions } from '../cloud.ts';
import { mattersToPackage } from '../package/content-hash.ts';
import { createConsole } from './console.ts';
import { workingDirectory } from './client.ts';
import { Failure } from './failure.ts';
import { loadFaults } from './load-faults.ts';
import { larderDirectory, readRunning, removeRunning, writeRunning } from './running-file.ts';

interface UpOptions {
  readonly port: number;
  readonly gatewayPort: number;
  readonly stage: string;
  readonly state?: string;
  readonly ephemeral?: true;
  readonly iam: 'enforce' | 'warn';
  readonly faults?: string;
  readonly json?: true;
  readonly quiet?: true;
}

export function upCommand(): Command {
  return new Command('up')
    .description('Packages the services of a folder, makes their resources and runs them, until Ctrl-C.')
    .argument('[folder]', 'one with a serverless-compose.yml or a serverless.yml (default: this one)')
    .addOption(new Option('--port <number>', 'port of the AWS APIs; 0 for any that is free').default(4566).argParser(toPort))
    .addOption(new Option('--gateway-port <number>', 'port of the HTTP APIs; 0 for any that is free').default(4000).argParser(toPort))
    .option('--stage <name>', 'stage to package for', 'local')
    .option('--state <directory>', 'where tables, queues and events are kept (default: <folder>/.larder/state)')
    .addOption(new Option('--ephemeral', 'keep nothing when it ends').conflicts('state'))
    .addOption(
      new Option('--iam <mode>', 'whether a call that a role does not allow is denied').choices(['enforce', 'warn']).default('enforce'),
    )
    .option('--faults <module>', 'a module whose default export decides about faults on purpose (see kernel/faults.ts)')
    .option('--json', 'one line of JSON on standard output when it is ready; everything else on standard error')
    .option('--quiet', 'warnings and errors only')
    .addHelpText('after', '\nExample:\n  npm run local -- up apps/orders --gateway-port 4001 --port 4567')
    .action((folder: string | undefined, options: UpOptions) => up(folder, options));
}

/** Runs until a signal ends it. A reset ends one cloud and starts another at the same addresses. */
async function up(folderArgument: string | undefined, options: UpOptions): Promise<void> {
  const folder = folderArgument === undefined ? process.cwd() : resolve(workingDirectory(), folderArgument);
  const state = options.ephemeral
    ? undefined
    : options.state === undefined
      ? join(larderDirectory(folder), 'state')
      : resolve(workingDirectory(), options.state);
  if (state !== undefined && countsAsEdit(folder, state))
    throw new Failure(
      `What is kept in ${state} would count as edits of ${folder}. Choose a folder outside of it with --state, or one in .larder.`,
      {
        exitCode: 2,
      },
    );
  const other = state === undefined ? undefined : readRunning(state);
  if (other !== undefined && other.pid !== process.pid && (await answers(other.endpoint))) {
    throw new Failure(
      `A cloud already runs on this state, at ${other.endpoint} (process ${other.pid}). End it, or choose another folder with --state.`,
    );
  }
  const faults = await loadFaults(options.faults);
  const output = createConsole(options);
  const { startCloud } = await import('../cloud.ts');
  const signal = endSignal(output.ending);
  const ending = new Promise<'ended'>((resolve) => signal.addEventListener('abort', () => resolve('ended')));
  let ports = { port: options.port, gatewayPort: options.gatewayPort };

  for (;;) {
    const reset = Promise.withResolvers<'reset'>();
    const cloud = await start(startCloud, {
      ...ports,
      signal,
      folder,
      faults,
      stage: options.stage,
      stateDirectory: state,
      iam: options.iam,
      onActivity: output.activity,
      onReset: () => reset.resolve('reset'),
    });
    ports = { port: Number(new URL(cloud.endpointUrl).port), gatewayPort: Number(new URL(cloud.gatewayUrl).port) };
    if (state !== undefined) writeRunning(state, { pid: process.pid, endpoint: cloud.endpointUrl });
    output.ready(await cloud.status(), cloud.msToReady);
    const why = await Promise.race([ending, reset.promise]);
    await cloud.close();
    if (state !== undefined) removeRunning(state);
    if (why === 'ended') return process.exit(0);
    if (state !== undefined) await rm(state, { recursive: true, force: true });
  }
}

/** Whether what is written into a folder lies where the services' own files are watched. */
function countsAsEdit(folder: string, state: string): boolean {
  const inside = relative(folder, state);
  return !inside.startsWith('..') && !isAbsolute(inside) && mattersToPackage(inside);
}

async function start(startCloud: (options: CloudOptions) => Promise<Cloud>, options: CloudOptions): Promise<Cloud> {
  try {
    return await startCloud(options);
  } catch (error) {
    if (options.signal?.aborted) process.exit(0);
    const { code, port } = error as { code?: string; port?: number };
    if (code === 'PORT_IN_USE') {
      const flag = port === options.port ? '--port' : '--gateway-port';
      throw new Failure(`Port ${port} is in use. End the program that listens there, or choose another port: ${flag} <number>.`, {
        cause: error,
      });
    }
    throw new Failure((error as Error).message, { cause: error });
  }
}

/** Aborted by the first signal; the second ends the process at once. */
function endSignal(onFirst: () => void): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    onFirst();
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/_local/health`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
