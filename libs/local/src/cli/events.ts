import { Command } from 'commander';
import { clientOf } from './client.ts';
import { showActivities } from './logs.ts';

export function eventsCommand(): Command {
  return new Command('events')
    .description('Shows the events that were put on buses, and the rules that they matched.')
    .option('-f, --follow', 'goes on showing what comes')
    .option('--json', 'as JSON, one line each, with the whole event')
    .addHelpText('after', '\nExample:\n  npm run local -- events --follow')
    .action(async (options: { follow?: true; json?: true }, command: Command) => {
      await showActivities(clientOf(command), '/_local/events', new URLSearchParams(), options);
    });
}
