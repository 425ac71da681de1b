import { rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import type { CloudStatus } from '../control/status.ts';
import { type Client, clientOf, workingDirectory } from './client.ts';
import { Failure } from './failure.ts';
import { larderDirectory } from './running-file.ts';

export function resetCommand(): Command {
  return new Command('reset')
    .description(
      'Forgets all tables, queues, events and mail: a running cloud starts over, and otherwise the state of this folder is removed.',
    )
    .option('-y, --yes', 'without asking')
    .addHelpText('after', '\nExample:\n  npm run local -- reset --yes')
    .action(async ({ yes }: { yes?: true }, command: Command) => {
      if (!yes && !(await confirm())) throw new Failure('Nothing was reset.');
      const client = clientOf(command);
      if (await isRunning(client.endpoint)) {
        if (command.optsWithGlobals<{ endpoint?: string }>().endpoint === undefined) await checkFolder(client);
        await client.post('/_local/reset');
        console.log('The cloud starts over with nothing in it.');
      } else {
        const state = join(larderDirectory(workingDirectory()), 'state');
        await rm(state, { recursive: true, force: true });
        console.log(`Removed ${state}.`);
      }
    });
}

/** The default port may be that of another folder's cloud, whose state nobody here means. */
async function checkFolder(client: Client): Promise<void> {
  const { folder } = await client.get<CloudStatus>('/_local/status');
  if ([workingDirectory(), process.cwd()].some((here) => relative(folder, here).split(sep)[0] !== '..')) return;
  throw new Failure(`The cloud at ${client.endpoint} runs ${folder}, and not this folder: say --endpoint ${client.endpoint} to reset it.`);
}

async function confirm(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Failure('Nobody is there to be asked: say --yes.', { exitCode: 2 });
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Forget everything that the local cloud holds? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function isRunning(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/_local/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
