import { Command, CommanderError } from 'commander';
import { callCommand } from './call.ts';
import { deadLetterCommand } from './dead-letters.ts';
import { eventsCommand } from './events.ts';
import { Failure } from './failure.ts';
import { invokeCommand } from './invoke.ts';
import { logsCommand } from './logs.ts';
import { mailCommand } from './mail.ts';
import { resetCommand } from './reset.ts';
import { statusCommand } from './status.ts';
import { tokenCommand } from './token.ts';
import { upCommand } from './up.ts';

const COMMANDS = [
  upCommand,
  statusCommand,
  logsCommand,
  invokeCommand,
  callCommand,
  tokenCommand,
  eventsCommand,
  deadLetterCommand,
  mailCommand,
  resetCommand,
];

/** The command line with all its commands. */
export function createProgram(): Command {
  const program = new Command(process.env['npm_lifecycle_event'] === 'local' ? 'npm run local --' : 'larder-local')
    .description('Runs the serverless services of a folder on this machine, as AWS would.')
    .option('--endpoint <url>', 'where the running cloud answers (default: the one of this folder, or else port 4566)')
    .exitOverride()
    .showHelpAfterError('(--help says more)');
  for (const create of COMMANDS) {
    const command = create();
    // Settings are not inherited by commands that are made elsewhere.
    for (const each of [command, ...command.commands]) each.exitOverride().showHelpAfterError('(--help says more)');
    program.addCommand(command);
  }
  return program;
}

/** Runs a command line. The exit code is 0 when it was done, 1 when it failed, and 2 when it was not understood. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) return;
    console.error(error instanceof Failure || !(error instanceof Error) ? messageOf(error) : error.stack);
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return error instanceof Failure ? error.exitCode : 1;
  // Asking for help is no mistake.
  return error.exitCode === 0 ? 0 : 2;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
